"""The work of bulk-*.yaml in DuckDB: duckdb_peer.py csv|parquet DATA_DIR OUT.parquet"""

import sys

import duckdb

PROFILE = """
create temp table profile as
with bought as (
    select
        customer_id,
        coalesce(sum(amount) filter (order_date >= date '2025-01-01'), 0)::decimal(18, 2) as revenue,
        coalesce(sum(amount) filter (order_date between date '2024-01-01' and date '2024-12-31'), 0)::decimal(18, 2)
            as revenue_before,
        coalesce(sum(margin) filter (order_date >= date '2025-01-01'), 0)::decimal(18, 2) as margin,
        count(*) filter (order_date >= date '2025-01-01') as order_count,
        max(order_date) as last_order
    from {orders}
    where order_date <= date '2025-12-31'
    group by customer_id
)
select
    customer_id, city, sector, cooperation,
    coalesce(revenue, 0) as revenue,
    coalesce(revenue_before, 0) as revenue_before,
    coalesce(margin, 0) as margin,
    coalesce(order_count, 0) as order_count,
    date '2025-12-31' - last_order as days_since_order
from {customers} left join bought using (customer_id)
"""

CUTOFFS = """
create temp table cutoffs as
with ranked as (
    select revenue, sum(revenue) over (order by revenue desc rows unbounded preceding) - revenue as before
    from profile
    where revenue > 0
), total as (
    select sum(revenue) as base from profile where revenue > 0
), classes as (
    select
        min(revenue) filter (before * 100 < base * 80) as a,
        min(revenue) filter (before * 100 < base * 95) as b
    from ranked, total
), bins as (
    select
        quantile_cont(days_since_order::double, [0.2, 0.4, 0.6, 0.8]) as r,
        quantile_cont(order_count::double, [0.2, 0.4, 0.6, 0.8]) as f,
        quantile_cont(revenue::double, [0.2, 0.4, 0.6, 0.8]) as m
    from profile
    where days_since_order is not null
)
select * from classes, bins
"""

RESULT = """
copy (
    with points as (
        select
            *,
            case when revenue < 500 then 1 when revenue < 2000 then 4 when revenue < 10000 then 7 else 10 end
                as current_revenue,
            round(least(greatest(margin, 0), 3000) * 10 / 3000, 6)::decimal(8, 6) as profit_contribution,
            round((cooperation - 1) * 10 / 9, 6)::decimal(8, 6) as relation,
            case when revenue < revenue_before then 2 when revenue < revenue_before + 1000 then 5 else 9 end as trend
        from profile
    ), scored as (
        select
            *,
            0.30 * current_revenue + 0.25 * profit_contribution + 0.25 * relation + 0.20 * trend as score
        from points
    )
    select
        customer_id, city, sector, revenue, revenue_before, margin, order_count, days_since_order,
        case when revenue = 0 then 'inactive' when revenue >= a then 'A' when revenue >= b then 'B' else 'C' end
            as customer_class,
        5 - (days_since_order > r[1])::int - (days_since_order > r[2])::int
            - (days_since_order > r[3])::int - (days_since_order > r[4])::int as "behaviour.r",
        case when days_since_order is not null then 1 + (order_count > f[1])::int + (order_count > f[2])::int
            + (order_count > f[3])::int + (order_count > f[4])::int end as "behaviour.f",
        case when days_since_order is not null then 1 + (revenue > m[1])::int + (revenue > m[2])::int
            + (revenue > m[3])::int + (revenue > m[4])::int end as "behaviour.m",
        score as account_rating,
        case when score >= 8 then 'key' when score >= 5 then 'core' else 'basic' end as "account_rating.grade"
    from scored, cutoffs
    order by customer_id
) to '{out}' (format parquet)
"""

CSV = {
    "customers": {
        "customer_id": "varchar",
        "city": "varchar",
        "sector": "varchar",
        "satisfaction": "bigint",
        "cooperation": "bigint",
        "potential_revenue": "decimal(18, 2)",
    },
    "orders": {
        "order_id": "bigint",
        "customer_id": "varchar",
        "order_date": "date",
        "amount": "decimal(18, 2)",
        "margin": "decimal(18, 2)",
    },
}


def table(kind, data, name):
    """How SQL names the file of a table."""
    path = f"{data}/{name}.{kind}"
    if kind == "parquet":
        return f"read_parquet('{path}')"
    return f"read_csv('{path}', header = true, auto_detect = false, delim = ',', columns = {CSV[name]})"


def main(kind, data, out):
    db = duckdb.connect()
    db.execute("set threads = 2")
    tables = {name: table(kind, data, name) for name in CSV}
    db.execute(PROFILE.format(**tables))
    db.execute(CUTOFFS)
    db.execute(RESULT.format(out=out))


main(*sys.argv[1:])
