"""Runs the statements of a folder in a database: warehouse.py duckdb|spark FOLDER [SETTING=VALUE..]

Each folder in it is a case: tables.json (table: [[column, type]]), TABLE.csv with \\N for a missing value, statement.sql.
It gets result.csv, or error.txt where the database refuses.
"""

import csv
import datetime
import decimal
import json
import os
import sys


def shown(value):
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    return str(value)


def quoted(name, mark):
    return mark + name.replace(mark, mark * 2) + mark


def duckdb_case(folder, tables, statement):
    import duckdb

    database = duckdb.connect()
    for table, columns in tables.items():
        path = os.path.join(folder, table + ".csv").replace("'", "''")
        fields = ", ".join(f"CAST({quoted(c, chr(34))} AS {ty}) AS {quoted(c, chr(34))}" for c, ty in columns)
        database.execute(
            f"CREATE TABLE {quoted(table, chr(34))} AS SELECT {fields} FROM read_csv('{path}', all_varchar = true, "
            "header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = '\\N', "
            f"columns = {{{', '.join(quoted(c, chr(39)) + ': ' + chr(39) + 'VARCHAR' + chr(39) for c, _ in columns)}}})"
        )
    result = database.execute(statement)
    return [d[0] for d in result.description], result.fetchall()


class Spark:
    def __init__(self, settings):
        from pyspark.sql import SparkSession

        self.session = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.driver.memory", "3g")
            # More queries on one another than Spark expects.
            .config("spark.sql.analyzer.maxIterations", "1000")
            .getOrCreate()
        )
        self.session.sparkContext.setLogLevel("OFF")
        for setting in settings:
            self.session.conf.set(*setting.split("=", 1))

    def case(self, folder, tables, statement):
        from pyspark.sql import types

        for table, columns in tables.items():
            with open(os.path.join(folder, table + ".csv"), newline="") as file:
                rows = [[None if v == "\\N" else v for v in row] for row in list(csv.reader(file))[1:]]
            schema = types.StructType([types.StructField(c, types.StringType()) for c, _ in columns])
            # A temporary view, as reading from files would.
            frame = self.session.createDataFrame(rows, schema)
            frame = frame.select(*[frame[quoted(c, "`")].cast(ty).alias(c) for c, ty in columns])
            frame.createOrReplaceTempView(quoted(table, "`"))
        frame = self.session.sql(statement.rstrip().rstrip(";"))
        return frame.columns, [tuple(row) for row in frame.collect()]


def main():
    dialect, root, *settings = sys.argv[1:]
    run = duckdb_case if dialect == "duckdb" else Spark(settings).case
    for name in sorted(os.listdir(root)):
        folder = os.path.join(root, name)
        with open(os.path.join(folder, "tables.json")) as file:
            tables = json.load(file)
        with open(os.path.join(folder, "statement.sql")) as file:
            statement = file.read()
        try:
            columns, rows = run(folder, tables, statement)
        except Exception as error:  # whatever the database says is the finding
            with open(os.path.join(folder, "error.txt"), "w") as file:
                file.write(str(error))
            continue
        with open(os.path.join(folder, "result.csv"), "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows([shown(value) for value in row] for row in rows)


main()
