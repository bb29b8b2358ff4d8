"""Compares outputs customer by customer: verify.py NAME=FILE.parquet NAME=FILE.parquet …

Prints the number of differences of each column and pair; exit code 1 if there is any.
"""

import itertools
import sys

import duckdb

TEXT = ["customer_class", "account_rating.grade"]
WHOLE = ["order_count", "days_since_order", "behaviour.r", "behaviour.f", "behaviour.m"]
MONEY = ["revenue", "revenue_before", "margin"]
SCORE = "account_rating"


def types(db, file):
    """Type of each column of a file."""
    return {row[0]: row[1] for row in db.execute(f"describe from '{file}'").fetchall()}


def decimals(kind):
    """Decimal places a score is written with; a float has them all."""
    return int(kind.rstrip(")").split(",")[1]) if kind.startswith("DECIMAL") else 15


def differs(column, kinds):
    """SQL that is true where column differs between a and b."""
    a, b = f'a."{column}"', f'b."{column}"'
    if column in TEXT:
        return f"{a}::varchar is distinct from {b}::varchar"
    if column in WHOLE:
        return f"{a}::bigint is distinct from {b}::bigint"
    if column in MONEY:
        return f"round({a}::double * 100)::bigint is distinct from round({b}::double * 100)::bigint"
    # Points have six places and weights two, so a score has eight; one shown to fewer is compared to those.
    least = min(decimals(kind) for kind in kinds)
    tolerance = 1e-9 if least >= 8 else 0.5 * 10**-least + 1e-9
    return f"({a} is null) <> ({b} is null) or abs({a}::double - {b}::double) > {tolerance}"


def compare(db, first, second):
    """Number of differences between two outputs."""
    (name_a, file_a), (name_b, file_b) = first, second
    types_a, types_b = types(db, file_a), types(db, file_b)
    total = db.execute(
        f"select count(*) from (from '{file_a}') a full join (from '{file_b}') b using (customer_id)"
        " where a.customer_id is null or b.customer_id is null"
    ).fetchone()[0]
    print(f"  {name_a} / {name_b}: customers in one only: {total}")
    for column in TEXT + WHOLE + MONEY + [SCORE]:
        missing = [name for name, found in ((name_a, types_a), (name_b, types_b)) if column not in found]
        if missing:
            optional = column in MONEY or column in ("order_count", "days_since_order")
            print(f"  {name_a} / {name_b}: {column}: not in the output of {', '.join(missing)}")
            total += 0 if optional else 1
            continue
        count = db.execute(
            f"select count(*) from '{file_a}' a join '{file_b}' b using (customer_id)"
            f" where {differs(column, (types_a[column], types_b[column]))}"
        ).fetchone()[0]
        print(f"  {name_a} / {name_b}: {column}: {count}")
        total += count
    return total


def main(arguments):
    db = duckdb.connect()
    outputs = [argument.split("=", 1) for argument in arguments]
    for name, file in outputs:
        rows, keys, ordered = db.execute(
            "select count(*), count(distinct customer_id), bool_and(coalesce(before <= customer_id, true))"
            f" from (select customer_id, lag(customer_id) over (order by file_row_number) as before"
            f" from read_parquet('{file}', file_row_number = true))"
        ).fetchone()
        print(f"  {name}: {rows} rows, {keys} customers, {'in' if ordered else 'NOT in'} order of the key")
    differences = sum(compare(db, a, b) for a, b in itertools.combinations(outputs, 2))
    print(f"  differences: {differences}")
    return 1 if differences else 0


sys.exit(main(sys.argv[1:]))
