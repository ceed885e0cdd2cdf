"""A local hub for the tests: serves one model's folder under many names, each with a different fault.

    python3 hub_server.py FOLDER SITE LOG        prints its port

good: files redirect to another host name, as large files do.  cut: every connection ends after 3,000 bytes.
stuck: ends before the first byte.  plain: does not support ranges, and ends the first connection early.
wrong: reports wrong hashes.  private: requires the token 'secret'.  pickle: has only pytorch_model.bin.
bare: has no tokenizer.  long: sends too much data.  odd: its description is not JSON.  shards: an index and two shards.
port: files redirect to another port of the same host.  drip: every connection ends after one byte.
trickle: sends a byte now and then and never ends.  loop: redirects to itself.  headers: sends endless headers.
secret: files redirect to an address with a password.  file: files redirect to an address that is not HTTP.
outside: the index names a file in another folder.  huge: reports a size of a terabyte for every file.
"""

import hashlib
import http.server
import json
import os
import sys
import threading
import time

FOLDER, SITE, LOG = sys.argv[1:4]
COMMIT = "0123456789abcdef0123456789abcdef01234567"
seen = set()


def content(kind, name, folder=FOLDER):
    data = open(os.path.join(folder, name), "rb").read()
    if kind == "outside" and name.endswith(".index.json"):
        data = data.replace(b"model-00001-of-00002", b"../../../../victim")
    return data


def sibling(kind, name):
    data = content(kind, name)
    blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
    entry = {"rfilename": name, "size": len(data), "blobId": blob}
    if name.endswith(".safetensors"):
        entry["lfs"] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 134}
    return entry


def describe(kind):
    names = sorted(os.listdir(FOLDER))
    if kind in ("shards", "outside"):
        names = [name for name in names if name != "model.safetensors"]
    else:
        names = [name for name in names if not name.startswith("model-") and not name.endswith(".index.json")]
    siblings = [sibling(kind, name) for name in names]
    if kind == "pickle":
        siblings = [entry for entry in siblings if not entry["rfilename"].endswith(".safetensors")]
        siblings.append({"rfilename": "pytorch_model.bin", "size": 1, "blobId": "0" * 40})
    if kind == "bare":
        siblings = [entry for entry in siblings if entry["rfilename"] != "vocab.txt"]
    if kind == "wrong":
        for entry in siblings:
            if "lfs" in entry:
                entry["lfs"]["sha256"] = "f" * 64
    if kind == "huge":
        for entry in siblings:
            entry["size"] = 1 << 40
    siblings.append({"rfilename": "README.md", "size": 5, "blobId": "1" * 40})
    return {"sha": COMMIT, "siblings": siblings}


class Hub(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def respond(self, code, data=b"", headers=()):
        self.send_response(code)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        host, token, bytes_from = self.headers["Host"].split(":")[0], self.headers["Authorization"], self.headers["Range"]
        with open(LOG, "a", encoding="utf-8") as log:
            log.write(json.dumps([host, self.path, token, bytes_from, str(self.server.server_port)]) + "\n")
        parts = self.path.split("?")[0].strip("/").split("/")
        if parts[:2] == ["api", "models"]:
            return self.describe(parts[3], parts[5])
        if parts[0] == "cdn":
            return self.send(parts[1], parts[-1])
        if parts[0] == "site":  # a plain site of files; every connection ends after 3,000 bytes
            if not os.path.exists(os.path.join(SITE, parts[-1])):
                return self.respond(404)
            return self.send("cut", parts[-1], SITE)
        if len(parts) == 5 and parts[2] == "resolve" and parts[3] == COMMIT:
            if parts[1] == "good":
                place = f"http://localhost:{self.server.server_port}/cdn/good/{parts[4]}"
                return self.respond(302, headers=[("Location", place)])
            places = {
                "port": f"http://127.0.0.1:{other.server_port}/cdn/good/{parts[4]}",
                "loop": self.path,
                "secret": f"http://me:hunter2@localhost:{self.server.server_port}/cdn/good/{parts[4]}",
                "file": "ftp://127.0.0.1:1/x",
            }
            if parts[1] in places:
                return self.respond(302, headers=[("Location", places[parts[1]])])
            if parts[1] == "private" and token != "Bearer secret":
                return self.respond(401)
            return self.send(parts[1], parts[4])
        self.respond(404)

    def describe(self, kind, revision):
        if kind == "missing" or revision not in ("main", "v1%2F2"):
            return self.respond(404)
        if kind == "private" and self.headers["Authorization"] != "Bearer secret":
            return self.respond(401)
        if kind == "broken":
            return self.respond(500)
        self.respond(200, b"<html>" if kind == "odd" else json.dumps(describe(kind)).encode())

    def send(self, kind, name, folder=FOLDER):
        data = content(kind, name, folder)
        start = 0
        if self.headers["Range"] and kind != "plain":
            start = int(self.headers["Range"].split("=")[1].rstrip("-"))
        if start and start >= len(data):
            return self.respond(416)
        rest = data[start:]
        if kind == "long":
            rest += b"more"
        if kind == "headers" and name.endswith(".safetensors"):
            return self.forever(b"HTTP/1.1 200 OK\r\n", b"X-More: more\r\n")
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        first = (kind, name) not in seen
        seen.add((kind, name))
        if kind == "trickle" and name.endswith(".safetensors"):
            return self.forever(b"", b"x")
        if kind == "drip" and name.endswith(".safetensors"):
            rest = rest[:1]
        if kind == "stuck" and name.endswith(".safetensors"):
            rest = b""
        elif kind == "cut" or (kind == "plain" and first):
            rest = rest[:3000]
        self.wfile.write(rest)
        self.close_connection = True

    def forever(self, first, more):
        self.close_connection = True
        try:
            self.wfile.write(first)
            while True:
                self.wfile.write(more)
                time.sleep(0.05)
        except OSError:
            pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
other = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
threading.Thread(target=other.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
server.serve_forever()
