#!/usr/bin/env python3
"""Writes the reference event file for Tests/TensorBoardTests with TensorBoard's own messages and record writer.

tensorboard==2.21.0. Run from the root of the checkout:

    python3 Tests/Goldens/event_goldens.py
"""

import sys

import tensorboard
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.hparams import api_pb2, metadata, plugin_data_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

TIME = 1764057600.25
HYPER_PARAMETERS = {"data.shuffle": True, "method.name": "lora", "method.rank": 8, "training.learning_rate": 0.002}
FILE = "Tests/TensorBoardTests/Fixtures/events.out.tfevents.1764057600.graft"


def hparams(tag, **data):
    content = plugin_data_pb2.HParamsPluginData(**data)
    about = metadata.create_summary_metadata(content)
    about.plugin_data.content = content.SerializeToString(deterministic=True)
    value = Summary.Value(tag=tag, metadata=about, tensor=metadata.NULL_TENSOR)
    return Event(wall_time=TIME, summary=Summary(value=[value]))


def scalars(step, **values):
    values = [Summary.Value(tag=name.replace("_", "/", 1), simple_value=value) for name, value in sorted(values.items())]
    return Event(wall_time=TIME, step=step, summary=Summary(value=values))


def main():
    if tensorboard.__version__ != "2.21.0":
        sys.exit(f"tensorboard {tensorboard.__version__} is not 2.21.0")
    start = plugin_data_pb2.SessionStartInfo(start_time_secs=TIME)
    for name, value in HYPER_PARAMETERS.items():
        kind = "bool_value" if value is True else "string_value" if isinstance(value, str) else "number_value"
        setattr(start.hparams[name], kind, value)
    end = plugin_data_pb2.SessionEndInfo(status=api_pb2.STATUS_SUCCESS, end_time_secs=TIME)
    with open(FILE, "wb") as file:
        writer = RecordWriter(file)
        for event in [
            Event(wall_time=TIME, file_version="brain.Event:2"),
            hparams("_hparams_/session_start_info", session_start_info=start),
            scalars(10, train_loss=0.5, train_learning_rate=0.001),
            scalars(10, eval_loss=0.25),
            hparams("_hparams_/session_end_info", session_end_info=end),
        ]:
            writer.write(event.SerializeToString(deterministic=True))
    print(FILE)


if __name__ == "__main__":
    main()
