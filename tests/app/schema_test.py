"""The schema in the repository is what basin-run makes of its catalogs, it is a schema, and it tells good from bad.

schema_test.py BASIN_RUN SOURCE_DIR"""
import copy
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

program, source = sys.argv[1], pathlib.Path(sys.argv[2])
file = source / "resources/schema/experiment.schema.json"
made = subprocess.run([program, "schema"], capture_output=True, text=True, check=True).stdout
if made != file.read_text():
    sys.exit(f"{file} is not what `basin-run schema` prints; write it again: basin-run schema > {file}")

schema = json.loads(made)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)

examples = sorted((source / "resources/examples").glob("*.json"))
if not examples:
    sys.exit("there are no examples")
for example in examples:
    for error in validator.iter_errors(json.loads(example.read_text())):
        sys.exit(f"{example}: {error.json_path}: {error.message}")

good = {
    "version": 1, "objective": {"landscape": "quadratic", "axx": 2, "gradient_noise": 0.1},
    "start": {"points": [[1, 1]], "spread": 0.5}, "chains": 10, "steps": 20, "share_noise": False,
    "lanes": [{"label": "A", "optimizer": "sgld", "beta": {"schedule": "cosine", "value": 9, "end": 1}},
              {"optimizer": "fsgld", "noise": "rademacher"}],
    "probes": [{"probe": "gibbs_distance", "every": 5}],
    "changes": [{"step": 3, "lane": 0, "key": "beta", "value": 7}],
}
validator.validate(good)


def run(spec):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "spec.json"
        file.write_text(json.dumps(spec))
        return subprocess.run([program, file, "--quiet"], capture_output=True, text=True)


if run(good).returncode != 0:
    sys.exit(f"basin-run does not take what the schema takes: {run(good).stderr}")

def changed(change):
    spec = copy.deepcopy(good)
    change(spec)
    return spec


bad = {
    "unknown key": lambda s: s.update(chians=3),
    "unknown lane key": lambda s: s["lanes"][0].update(bta=3),
    "key of another optimizer": lambda s: s["lanes"][0].update(rho=3),
    "unknown optimizer": lambda s: s["lanes"][0].update(optimizer="sgdl"),
    "out of range": lambda s: s["lanes"][0].update(beta=0),
    "text for number": lambda s: s["lanes"][0].update(beta="20"),
    "unknown choice": lambda s: s["lanes"][1].update(noise="gauss"),
    "unknown schedule": lambda s: s["lanes"][0]["beta"].update(schedule="cosin"),
    "schedule of another kind": lambda s: s["lanes"][0]["beta"].update(factor=2),
    "steps and epochs": lambda s: s.update(epochs=3),
    "no lanes": lambda s: s.update(lanes=[]),
    "no version": lambda s: s.pop("version"),
    "three coordinates": lambda s: s["start"].update(points=[[1, 2, 3]]),
    "both kinds of objective": lambda s: s["objective"].update(network="lenet"),
    "nested key unknown": lambda s: s.update(objective={"network": "lenet", "label_noise": {"rat": 1}}),
    "half a step": lambda s: s.update(steps=1.5),
}
for name, change in bad.items():
    spec = changed(change)
    if validator.is_valid(spec):
        sys.exit(f"the schema takes {name}")
    # What the schema refuses, the program must refuse as well.
    if run(spec).returncode != 2:
        sys.exit(f"basin-run takes {name}")
