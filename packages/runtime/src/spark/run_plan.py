"""Runs a query plan on Spark: the script of the Glue job, for objects that are too large for one machine.

    run_plan.py --plan s3://bucket/key [--store file:///directory]

The plan is the JSON of `plan/query-plan.ts`; what it means is what `plan/run-plan.ts` does with it on DuckDB, so that
rows and reports are the same on both (`npm run test:spark`). With `--store`, `s3://bucket/key` is read and written as
`<store>/bucket/key`, as the directory store has it. Other arguments are Glue's own and are left alone.

Glue 5.1 is Spark 3.5.6 on Python 3.11. The script is one file and brings no packages along.
"""

import argparse
import datetime
import decimal
import json
import math
import re
import sys
from collections import Counter

from pyspark.sql import SparkSession
from pyspark.sql import functions as f
from pyspark.sql.types import ArrayType, StringType

# What makes Spark mean what Trino and DuckDB mean.
SETTINGS = {
    # A plain CAST that cannot be done fails; TRY_CAST is NULL in either mode.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    # TIMESTAMP is a wall clock without a zone, as in the plan's own dialect, and so it is stored.
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    # Days before 1582 are those of the calendar that the other engines use; without this Spark refuses them.
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.writeLegacyFormat": "false",
    "spark.sql.parquet.compression.codec": "snappy",
    # Spark refuses files with nanoseconds, which pandas writes; as numbers they can be read, see `read_parquet`.
    "spark.sql.legacy.parquet.nanosAsLong": "true",
    # An output is one object and nothing beside it.
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
    # Without it, files of a folder would get check sums in hidden files beside them.
    "spark.hadoop.fs.file.impl": "org.apache.hadoop.fs.RawLocalFileSystem",
}

# --- The prelude: what no transpiling can give. Same forms as prelude/duckdb-masks.ts and prelude/cards.ts. ---

CARD_STARS = "*" * 12
SEPARATOR = (
    r"[\t\n\v\f\r \-\u0085\u00A0\u00AD\u1680\u2000-\u2015\u2028\u2029\u202F"
    r"\u205F\u2060\u2212\u3000\uFE58\uFE63\uFF0D\uFEFF]"
)
ISSUED = re.compile(
    "4([0-9]{15}|[0-9]{18})|5[0-9]{15}|2[2-7][0-9]{14}|3[47][0-9]{13}|3[0689][0-9]{12}|35[0-9]{14,17}|6[0-9]{15,18}"
)
# The cheap test before all else: 13 digits with nothing but separators between.
CANDIDATE = re.compile(rf"(?:[0-9]{SEPARATOR}{{0,3}}){{13}}")
# Digits of the longest run that is looked into; a longer one is masked whole.
LONGEST_RUN = 1000
LONG = re.compile("[0-9]{16,}([0-9]{4})")
GROUPS = rf"(?:{SEPARATOR}{{1,3}}[0-9]+)*"
# From the left: stars with a longer group behind them (no part of its run), a card masked already, a run.
RUN = re.compile(rf"[*]{{12}}(?=[0-9]{{5}})|[*]{{12}}[0-9]{{4}}|[0-9]+{GROUPS}")
GROUP = re.compile("[0-9]+")
PAN = re.compile("[0-9](?:[ -]?[0-9]){12,18}|[*]{12}[0-9]{4}")
SSN = re.compile("(?:[0-9]{3}[ -]?[0-9]{2}|[*]{3}-[*]{2})[ -]?[0-9]{4}")
# White space as RE2 has it: Python's own \s knows more of it.
EMAIL = re.compile("[^@\t\n\f\r ]+@[^@\t\n\f\r ]+")
MASKED_PHONE = re.compile("[*]{3}-[*]{3}-[0-9]{4}")
PHONE = re.compile("[+]?[ ().-]*[0-9](?:[ ().-]*[0-9]){6,14}")


def luhn_valid(digits):
    """Whether the Luhn sum of a row of digits ends in 0."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def spans_of_cards(groups):
    """First and last group of each card among the groups of a run; cards that share a group are one."""
    digits = "".join(groups)
    group_of = [index for index, group in enumerate(groups) for _ in group]
    begins = {place for place in range(len(digits)) if place == 0 or group_of[place] != group_of[place - 1]}
    begins.add(len(digits))
    spans = []
    for start in range(len(digits) - 12):
        for end in range(start + 13, min(start + 19, len(digits)) + 1):
            first, last = group_of[start], group_of[end - 1]
            opens, closes = start in begins, end in begins
            if not (opens and closes):
                if not (opens or closes or first == last) or not ISSUED.fullmatch(digits, start, end):
                    continue
            if not luhn_valid(digits[start:end]):
                continue
            if spans and first <= spans[-1][1]:
                spans[-1][1] = max(spans[-1][1], last)
            else:
                spans.append([first, last])
    return spans


def masked_run(run):
    """A run with its cards masked."""
    if not CANDIDATE.search(run):
        return run
    groups = list(GROUP.finditer(run))
    digits = "".join(group.group() for group in groups)
    if len(digits) > LONGEST_RUN:
        return CARD_STARS + digits[-4:]
    parts, at = [], 0
    for first, last in spans_of_cards([group.group() for group in groups]):
        digits = "".join(group.group() for group in groups[first : last + 1])
        parts += [run[at : groups[first].start()], CARD_STARS, digits[-4:]]
        at = groups[last].end()
    return "".join([*parts, run[at:]])


def rewritten(text):
    """A text with the cards in it masked."""
    shortened = LONG.sub(rf"{CARD_STARS}\1", text)
    return RUN.sub(lambda found: masked_run(found.group()), shortened)


def hidden_card(text):
    """The text with its cards masked, or None if there is none in it."""
    if text is None or not CANDIDATE.search(text):
        return None
    masked = rewritten(text)
    return None if masked == text else masked


def hidden_cards(texts):
    return None if texts is None else [hidden_card(text) for text in texts]


def mask_pan(text):
    if text is None:
        return None
    return CARD_STARS + re.sub("[ -]", "", text)[-4:] if PAN.fullmatch(text) else "***"


def mask_ssn(text):
    if text is None:
        return None
    return "***-**-" + text[-4:] if SSN.fullmatch(text) else "***"


def mask_email(text):
    if text is None:
        return None
    return f"{text[0]}***@{text.split('@')[1]}" if EMAIL.fullmatch(text) else "***"


def mask_phone(text):
    if text is None or MASKED_PHONE.fullmatch(text):
        return text
    return "***-***-" + re.sub("[^0-9]", "", text)[-4:] if PHONE.fullmatch(text) else "***"


def register_prelude(spark):
    for mask in (mask_pan, mask_ssn, mask_email, mask_phone):
        spark.udf.register(mask.__name__, mask, StringType())
    spark.udf.register("hidden_cards", hidden_cards, ArrayType(StringType()))


# --- Objects ---

# What stands before the names of a partition's columns while Spark writes it.
FOLDER = "_folder_"


class Objects:
    """Objects by their S3 URI, through Hadoop: on Glue that is S3, with `store` a folder."""

    def __init__(self, spark, store):
        self.spark = spark
        self.store = store

    def place(self, uri):
        return uri if self.store is None else f"{self.store.rstrip('/')}/{uri.removeprefix('s3://')}"

    def path(self, uri):
        return self.spark._jvm.org.apache.hadoop.fs.Path(self.place(uri))

    def system(self, path):
        return path.getFileSystem(self.spark._jsc.hadoopConfiguration())

    def read_json(self, uri):
        path = self.path(uri)
        stream = self.system(path).open(path)
        try:
            return json.loads(bytes(self.spark._jvm.org.apache.commons.io.IOUtils.toByteArray(stream)))
        finally:
            stream.close()

    def write_json(self, uri, value):
        path = self.path(uri)
        stream = self.system(path).create(path, True)
        try:
            stream.write(bytearray(f"{json.dumps(value, ensure_ascii=False, indent=2)}\n", "utf-8"))
        finally:
            stream.close()

    def read_parquet(self, uris):
        """Objects of one schema as rows. Their keys are no data: a `year=2025` in them makes no column."""
        reader = self.spark.read.option("recursiveFileLookup", "true").option("__globPaths__", "false")
        frame = reader.parquet(*map(self.place, uris))
        nanoseconds = self.nanosecond_columns(uris[0])
        zoned = {name for name, kind in frame.dtypes if kind == "timestamp"}
        # A moment with a zone becomes its wall clock in UTC. Files of older writers do not say whether theirs has one:
        # DuckDB takes it for one without, Spark for one with.
        for name in frame.columns:
            if name in nanoseconds or name in zoned:
                moment = f"timestamp_micros({quoted(name)} DIV 1000)" if name in nanoseconds else quoted(name)
                frame = frame.withColumn(name, f.expr(moment).cast("timestamp_ntz"))
        return frame

    def nanosecond_columns(self, uri):
        """The columns of a file that hold moments in nanoseconds: Spark gives them as numbers, see `SETTINGS`."""
        hadoop = self.spark._jvm.org.apache.parquet.hadoop
        file = hadoop.util.HadoopInputFile.fromPath(self.path(uri), self.spark._jsc.hadoopConfiguration())
        reader = hadoop.ParquetFileReader.open(file)
        try:
            fields = list(reader.getFileMetaData().getSchema().getFields())
        finally:
            reader.close()
        return {
            field.getName() for field in fields
            if str(field.getLogicalTypeAnnotation()).startswith("TIMESTAMP(NANOS")
        }

    def write_parquet(self, frame, uri, order_by):
        """One file at exactly that URI: Spark writes a folder, so there and then moved. Overwrites."""
        order = [f.col(quoted(column)).asc_nulls_last() for column in order_by]
        folder = f"{uri}.writing"
        # One task sorts all and spills to disk as it must: files of a sort by ranges would have to be one in the end.
        one = frame.repartition(1).sortWithinPartitions(*order)
        one.write.mode("overwrite").parquet(self.place(folder))
        target, temporary = self.path(uri), self.path(folder)
        system = self.system(target)
        parts = [status.getPath() for status in system.listStatus(temporary)]
        parts = [part for part in parts if part.getName().startswith("part-")]
        if len(parts) != 1:
            raise RuntimeError(f"Spark wrote {len(parts)} files instead of one")
        system.delete(target, False)
        if not system.rename(parts[0], target):
            raise RuntimeError(f"cannot be moved to {uri}")
        system.delete(temporary, True)


    def write_partitions(self, frame, output):
        """One file per combination of the partition's columns, each in a folder named by it; what was written, by folder."""
        by, columns, target = output["partition"]["by"], output["partition"]["columns"], output["to"]
        # Spark makes folders of these columns and leaves them out of the files: copies, since one may be sorted by as well.
        folders = [f"{FOLDER}{name}" for name in by]
        copies = [f.col(quoted(name)).alias(folder) for name, folder in zip(by, folders)]
        wanted = frame.select(*copies, *(f.col(quoted(name)) for name in {*columns, *output["orderBy"]}))
        order = [f.col(quoted(column)).asc_nulls_last() for column in output["orderBy"]]
        sorted_rows = wanted.repartition(*folders).sortWithinPartitions(*folders, *order)
        bucket, key = target.removeprefix("s3://").split("/", 1)
        # Below an underscore, where no crawler looks: what a job that fails leaves there is no table's data.
        temporary = f"s3://{bucket}/_writing/{key.rstrip('/')}"
        rows = sorted_rows.select(*folders, *(f.col(quoted(name)) for name in columns))
        rows.write.mode("overwrite").partitionBy(*folders).parquet(self.place(temporary))
        # What another attempt left, on whatever engine, would be read with what is written now.
        self.system(self.path(target)).delete(self.path(target), True)
        written = []
        for name, part in sorted(self.parts(temporary, len(by))):
            partition = name.replace(FOLDER, "")
            if not re.fullmatch("([^=]+=[A-Za-z0-9._-]+(/|$))+", partition) or "__HIVE" in partition:
                raise RuntimeError(f"{', '.join(by)} cannot be a folder: it must be letters, digits, '.', '-' and '_'")
            uri = f"{target}{partition}/part-0.parquet"
            path = self.path(uri)
            system = self.system(path)
            system.mkdirs(path.getParent())
            system.delete(path, False)
            if not system.rename(part, path):
                raise RuntimeError(f"cannot be moved to {uri}")
            size = system.getFileStatus(path).getLen()
            written.append({"uri": uri, "partition": partition, "rows": self.rows_of(uri), "bytes": size})
        self.system(self.path(temporary)).delete(self.path(temporary), True)
        return written

    def parts(self, folder, depth):
        """The one file of each folder so many levels below, with the folders' names."""
        below = [("", self.path(folder))]
        system = self.system(self.path(folder))
        for _ in range(depth):
            below = [
                (f"{name}/{status.getPath().getName()}".lstrip("/"), status.getPath())
                for name, path in below
                for status in system.listStatus(path)
                if status.isDirectory() and "=" in status.getPath().getName()
            ]
        found = []
        for name, path in below:
            files = [status.getPath() for status in system.listStatus(path) if status.isFile()]
            files = [file for file in files if file.getName().startswith("part-")]
            if len(files) != 1:
                raise RuntimeError(f"Spark wrote {len(files)} files of a partition instead of one")
            found.append((name, files[0]))
        return found

    def rows_of(self, uri):
        """The number of rows that a file says it has."""
        hadoop = self.spark._jvm.org.apache.parquet.hadoop
        file = hadoop.util.HadoopInputFile.fromPath(self.path(uri), self.spark._jsc.hadoopConfiguration())
        reader = hadoop.ParquetFileReader.open(file)
        try:
            return reader.getRecordCount()
        finally:
            reader.close()


def quoted(name):
    """A name as an identifier, whatever characters are in it."""
    return f"`{name.replace('`', '``')}`"


# --- The plan ---


def plain(value):
    """A value in the record form that `session/rows.ts` gives, as JSON has it."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime.datetime):
        return re.sub("([.][0-9]*?)0+$", r"\1", value.replace(tzinfo=None).isoformat())
    if isinstance(value, datetime.date):
        return value.isoformat()
    return [plain(item) for item in value] if isinstance(value, list) else str(value)


class PlanFailed(Exception):
    """Part of the plan could not be run; the message names it, the cause says why."""


class part_of_plan:
    """Says of an error in which part of the plan it came up; values of rows stay in the log, with the cause."""

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        if error is not None:
            code = getattr(error, "getErrorClass", lambda: None)()
            raise PlanFailed(f"{self.name} failed: {code or kind.__name__}; the cause is above") from error


def uses(plan):
    """The names that are read by steps, reports and outputs, as often as they are."""
    queries = [query["spark"] for query in [*plan["steps"], *plan["reports"]]]
    read = [name for query in queries for name in re.findall(r"\b(?:FROM|JOIN) `?([A-Za-z0-9_]+)", query)]
    return Counter([*read, *(output["from"] for output in plan["outputs"])])


def run_plan(spark, objects, plan):
    for entry in plan["inputs"]:
        with part_of_plan(f'input "{entry["name"]}"'):
            objects.read_parquet(entry["uris"]).createOrReplaceTempView(entry["name"])
    count = uses(plan)
    for step in plan["steps"]:
        with part_of_plan(f'step "{step["name"]}"'):
            frame = spark.sql(step["spark"])
            # A partition's `apart` asks an engine not to keep all rows before it divides them. Here none does: what only an
            # output reads is computed once, on its way into the folders.
            (frame.persist() if count[step["name"]] > 1 else frame).createOrReplaceTempView(step["name"])
    answers = {}
    for report in plan["reports"]:
        with part_of_plan(f'report "{report["name"]}"'):
            rows = spark.sql(report["spark"]).collect()
            answers[report["name"]] = [{k: plain(v) for k, v in row.asDict().items()} for row in rows]
    for output in plan["outputs"]:
        with part_of_plan(f'output "{output["from"]}"'):
            rows = spark.table(output["from"])
            if "partition" in output:
                answers[output["partition"]["report"]] = objects.write_partitions(rows, output)
            else:
                objects.write_parquet(rows, output["to"], output["orderBy"])
    with part_of_plan("result"):
        objects.write_json(plan["result"], answers)


def main(arguments):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--plan", required=True)
    parser.add_argument("--store")
    options, _ = parser.parse_known_args(arguments)
    builder = SparkSession.builder.appName("penstock")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    try:
        register_prelude(spark)
        objects = Objects(spark, options.store)
        with part_of_plan(f"reading {options.plan}"):
            plan = objects.read_json(options.plan)
        run_plan(spark, objects, plan)
    finally:
        spark.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
