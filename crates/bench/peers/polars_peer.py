"""The work of bulk-*.yaml in Polars: polars_peer.py csv|parquet DATA_DIR OUT.parquet"""

import os
import sys
from datetime import date

os.environ["POLARS_MAX_THREADS"] = "2"

import polars as pl  # noqa: E402  (the number of threads is read on import)

MONEY = pl.Decimal(18, 2)
CSV = {
    "customers": {
        "customer_id": pl.String,
        "city": pl.String,
        "sector": pl.String,
        "satisfaction": pl.Int64,
        "cooperation": pl.Int64,
        "potential_revenue": MONEY,
    },
    "orders": {
        "order_id": pl.Int64,
        "customer_id": pl.String,
        "order_date": pl.Date,
        "amount": MONEY,
        "margin": MONEY,
    },
}


def scan(kind, data, name):
    """A table, read lazily."""
    path = f"{data}/{name}.{kind}"
    if kind == "parquet":
        return pl.scan_parquet(path)
    return pl.scan_csv(path, schema=CSV[name])


def cents(name):
    """Decimal money as the whole number behind it: exact, and cheaper to add up."""
    return pl.col(name).to_physical().cast(pl.Int64)


def profile(customers, orders):
    """One row a customer, prospects included; money in whole cents."""
    day = pl.col("order_date")
    year = day >= date(2025, 1, 1)
    year_before = day.is_between(date(2024, 1, 1), date(2024, 12, 31))
    bought = (
        orders.filter(day <= date(2025, 12, 31))
        .group_by("customer_id")
        .agg(
            revenue=pl.when(year).then(cents("amount")).sum(),
            revenue_before=pl.when(year_before).then(cents("amount")).sum(),
            margin=pl.when(year).then(cents("margin")).sum(),
            order_count=year.sum().cast(pl.Int64),
            last_order=day.max(),
        )
    )
    return (
        customers.select("customer_id", "city", "sector", "cooperation")
        .join(bought, on="customer_id", how="left")
        .with_columns(
            pl.col("revenue", "revenue_before", "margin", "order_count").fill_null(0),
            days_since_order=(pl.lit(date(2025, 12, 31)) - pl.col("last_order")).dt.total_days(),
        )
        .drop("last_order")
    )


def bin_edges(table):
    """The 20, 40, 60 and 80% quantiles of the customers that ever ordered, type 7, of each column."""
    buyers = table.lazy().filter(pl.col("days_since_order").is_not_null())
    columns = pl.col("days_since_order", "order_count", "revenue")
    edges = buyers.select(columns.quantile([0.2, 0.4, 0.6, 0.8], "linear"))
    return edges.collect().row(0)


def class_edges(table):
    """The least revenue in cents of an A and of a B customer."""
    revenue = table["revenue"]
    revenue = revenue.filter(revenue > 0).sort(descending=True)
    before, total = revenue.cum_sum() - revenue, revenue.sum()
    return [revenue.filter(before * 100 < total * share).last() for share in (80, 95)]


def bin_of(value, edges):
    """1 for a value up to the first edge, 5 for one above the last."""
    above = sum((value > edge).cast(pl.Int64) for edge in edges)
    return pl.when(pl.col("days_since_order").is_not_null()).then(above + 1)


def micro(numerator, denominator):
    """numerator / denominator points in whole millionths, rounded (a half does not occur)."""
    return (numerator * 2_000_000 + denominator) // (2 * denominator)


def score():
    """The rating in hundred-millionths of a point."""
    revenue, trend = pl.col("revenue"), pl.col("revenue") - pl.col("revenue_before")
    current_revenue = (
        pl.when(revenue < 500_00).then(1)
        .when(revenue < 2_000_00).then(4)
        .when(revenue < 10_000_00).then(7)
        .otherwise(10)
    )
    profit_contribution = micro(pl.col("margin").clip(0, 3_000_00), 300_00)
    relation = micro((pl.col("cooperation") - 1) * 10, 9)
    trend = pl.when(trend < 0).then(2).when(trend < 1_000_00).then(5).otherwise(9)
    return (
        30 * 1_000_000 * current_revenue.cast(pl.Int64)
        + 25 * profit_contribution
        + 25 * relation
        + 20 * 1_000_000 * trend.cast(pl.Int64)
    )


def result(table):
    """The output, by customer key."""
    a, b = class_edges(table)
    recency, frequency, monetary = bin_edges(table)
    revenue = pl.col("revenue")
    grade = pl.when(pl.col("score") >= 800_000_000).then(pl.lit("key"))
    return (
        table.lazy()
        .with_columns(
            pl.when(revenue == 0).then(pl.lit("inactive"))
            .when(revenue >= a).then(pl.lit("A"))
            .when(revenue >= b).then(pl.lit("B"))
            .otherwise(pl.lit("C"))
            .alias("customer_class"),
            (6 - bin_of(pl.col("days_since_order"), recency)).alias("behaviour.r"),
            bin_of(pl.col("order_count"), frequency).alias("behaviour.f"),
            bin_of(revenue, monetary).alias("behaviour.m"),
            score().alias("score"),
        )
        .with_columns(
            pl.col("revenue", "revenue_before", "margin") / 100,
            (pl.col("score") / 100_000_000).alias("account_rating"),
            grade.when(pl.col("score") >= 500_000_000).then(pl.lit("core")).otherwise(pl.lit("basic"))
            .alias("account_rating.grade"),
        )
        .drop("cooperation", "score")
        .sort("customer_id")
    )


def main(kind, data, out):
    table = profile(scan(kind, data, "customers"), scan(kind, data, "orders")).collect(engine="streaming")
    result(table).sink_parquet(out, engine="streaming")


main(*sys.argv[1:])
