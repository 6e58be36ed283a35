"""Runs the Glue job's script once for each list of arguments in a JSON file, as it is, in one Java machine.

Answers on its last line which of them failed and why: the text of the error that ends the job, or null.
"""

import json
import runpy
import sys

script, jobs = sys.argv[1:3]
with open(jobs, encoding="utf-8") as file:
    all_arguments = json.load(file)
ends = []
for arguments in all_arguments:
    sys.argv = [script, *arguments]
    try:
        runpy.run_path(script, run_name="__main__")
        ends.append(None)
    except Exception as error:
        ends.append(f"{type(error).__name__}: {error}")
print(json.dumps(ends))
