"""Serves a folder with the real TensorBoard on loopback and prints what its pages would show, as JSON."""

import json
import sys
import urllib.parse
import urllib.request

from tensorboard import default, program

server = program.TensorBoard(plugins=default.get_plugins())
server.configure(argv=["tensorboard", "--logdir", sys.argv[1], "--host", "127.0.0.1", "--port", "0"])
url = server.launch()


def get(path, body=None, **query):
    address = f"{url.rstrip('/')}/data/{path}?{urllib.parse.urlencode(query)}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data=data, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


tags = get("plugin/scalars/tags")
experiment = get("plugin/hparams/experiment", body={"experimentName": "", "hparamsLimit": 0})
groups = get(
    "plugin/hparams/session_groups",
    body={
        "experimentName": "",
        "allowedStatuses": ["STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING", "STATUS_UNKNOWN"],
        "colParams": [{"hparam": info["name"], "includeInResult": True} for info in experiment["hparamInfos"]],
        "sliceSize": 100,
        "startIndex": 0,
    },
)
curves = {
    run: {
        tag: [[step, value] for _, step, value in get("plugin/scalars/scalars", run=run, tag=tag)] for tag in tags[run]
    }
    for run in tags
}
sessions = [session for group in groups["sessionGroups"] for session in group["sessions"]]
print(
    json.dumps(
        {
            "curves": curves,
            "hparams": [group["hparams"] for group in groups["sessionGroups"]],
            "statuses": {session["name"]: session["status"] for session in sessions},
        }
    )
)
