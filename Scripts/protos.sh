#!/usr/bin/env bash
# Regenerates Sources/TensorBoard/Events.pb.swift. Needs protoc on the PATH (Debian: protobuf-compiler); its plugin is built
# from a package that the build uses anyway. The result is committed because building the plugin takes minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
swift build --package-path .build/checkouts/swift-protobuf --scratch-path .build/protoc-gen-swift \
  -c release --product protoc-gen-swift
protoc --plugin=.build/protoc-gen-swift/release/protoc-gen-swift --proto_path=Sources/TensorBoard \
  --swift_opt=Visibility=Internal --swift_opt=UseAccessLevelOnImports=true \
  --swift_out=Sources/TensorBoard Events.proto
echo "Protos: Sources/TensorBoard/Events.pb.swift"
