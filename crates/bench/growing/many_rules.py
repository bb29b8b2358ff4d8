"""Writes rule files with any number of rules over the bulk data, such as a large company could have.

Rules come in blocks of ten: classes, scores, ratings, segments and matrices over the figures of one of twelve periods,
years that end a month apart, so that no block has more orders to sum up than another. Blocks differ in their numbers,
so no two rules are the same; the sums and counts of a period, and whole parts of formulas over them, occur in many of
them. Factors from 1.01 to 1.12 make the formulas of periods differ.
"""

import datetime

BLOCK = 10
PERIODS = 12

HEAD = """accolade: 1
name: growth-{count}
currency: EUR
as_of: 2025-12-31

sources:
  customers:
    file: {folder}/customers.parquet
    key: customer_id
    columns:
      customer_id: text
      city: text
      sector: text
      satisfaction: integer?
      cooperation: integer 1..10
      potential_revenue: money
  orders:
    file: {folder}/orders.parquet
    customer: customer_id
    date: order_date
    columns:
      customer_id: text
      order_date: date
      amount: money
      margin: money

periods:
{periods}
profile:
  administrative: [city, sector]
  quantitative:
    days_since_order: days(max(orders.order_date), as_of)
{metrics}  qualitative: [satisfaction, cooperation]
"""

OF_PERIOD = """    revenue_{m}: sum(orders.amount in m{m})
    margin_{m}: sum(orders.margin in m{m})
    orders_{m}: count(orders in m{m})
"""

OF_BLOCK = """    trend_{b}: >-
      if sum(orders.amount in m{m}_before) > 0
      then (sum(orders.amount in m{m}) - sum(orders.amount in m{m}_before)) / sum(orders.amount in m{m}_before)
      else {low} / 100
    profit_{b}: (margin_{m} - to_money({low} * orders_{m})) * 1{m:02} / 100
    worth_{b}: least(revenue_{m} * 1{m:02} / 100, potential_revenue) + (margin_{m} - to_money({low} * orders_{m})) * 1{m:02} / 100
    average_{b}: if orders_{m} >= {few} then revenue_{m} / orders_{m} else 0
"""

RULES = [
    """  class_{b}:
    kind: abc
    by: worth_{b}
    classes: {{A: top {share}% of worth_{b}, B: next 15% of worth_{b}, C: rest}}
    none: inactive
""",
    """  behaviour_{b}:
    kind: rfm
    recency: days_since_order
    frequency: orders_{m}
    monetary: worth_{b}
    bins: 5 by value
    segments: standard
""",
    """  rating_{b}:
    kind: rating
    scale: 0..10
    missing: error
    criteria:
      revenue:
        weight: 30%
        value: revenue_{m} * 1{m:02} / 100
        bands: {{"< {low}00": 1, "{low}00 ..< {low}_000": 4, "{low}_000 ..< {low}0_000": 7, ">= {low}0_000": 10}}
      profit: {{weight: 25%, value: "(margin_{m} - to_money({low} * orders_{m})) * 1{m:02} / 100", linear: 0..{low}_000}}
      relation: {{weight: 25%, value: cooperation, linear: 1..10}}
      trend: {{weight: 20%, value: trend_{b}, bands: {{"< 0": 2, "0 ..< 0.{low}": 5, ">= 0.{low}": 9}}}}
    grades: {{key: ">= 8", core: ">= 5", basic: rest}}
""",
    """  treatment_{b}:
    kind: segments
    hit: first
    segments:
      prospect: orders_{m} = 0
      key_account: class_{b} = "A" and rating_{b} >= 7
      win_back: behaviour_{b} in ["at_risk", "cant_lose"] and worth_{b} > {low}_000
      grow: revenue_{m} * 1{m:02} / 100 < potential_revenue * 30% and rating_{b} >= 6
      defend: trend_{b} < 0 and margin_{m} > {low}
      other: rest
""",
    """  relation_{b}:
    kind: matrix
    rows: {{value: cooperation, cuts: [6], labels: [distant, close]}}
    columns: {{value: profit_{b}, cuts: [median], labels: [low, high]}}
    cells:
      distant: {{low: reconsider, high: repair}}
      close: {{low: develop, high: keep}}
""",
    """  layer_{b}:
    kind: pyramid
    by: average_{b}
    none: inactive
""",
    """  plan_{b}:
    kind: matrix
    rows: {{class: class_{b}}}
    columns: {{class: relation_{b}}}
    cells:
      A: {{reconsider: visit, repair: call, develop: visit, keep: thank}}
      B: {{reconsider: write, repair: call, develop: visit, keep: thank}}
      C: {{reconsider: leave, repair: write, develop: write, keep: write}}
      inactive: {{reconsider: leave, repair: leave, develop: write, keep: write}}
""",
    """  potential_{b}:
    kind: rating
    scale: 0..100
    missing: renormalise
    criteria:
      satisfaction: {{weight: 40%, value: satisfaction, linear: 1..5}}
      size:
        weight: 35%
        value: potential_revenue
        bands: {{"< {low}00": 10, "{low}00 ..< {low}_000": 40, "{low}_000 ..< {low}0_000": 70, ">= {low}0_000": 100}}
      place: {{weight: 25%, value: worth_{b}, percentile: true}}
    grades: {{high: ">= {share}", medium: ">= 40", low: rest}}
""",
    """  share_{b}:
    kind: wallet
    own: revenue_{m} * 1{m:02} / 100
    spend: potential_revenue
    classes: {{visitor: "< {low}%", regular: "< {share}%", house_supplier: rest}}
    none: unknown
""",
    """  stage_{b}:
    kind: lifecycle
    of: orders
    before: m{m}_before
    now: m{m}
    where: orders.amount > {low}
""",
]


def year(number):
    """The first year is the last one of the data, the second one ends a month before it."""
    first, month = 2025 - (number > 1), (13 - number) % 12 + 1
    last = datetime.date(first + 1, month, 1) - datetime.timedelta(days=1)
    return f"{datetime.date(first, month, 1)}..{last}"


def text(count, folder):
    """A rule file of `count` rules over the bulk data in `folder`; with none it only reads and aggregates."""
    blocks = range(-(-count // BLOCK))
    numbers = [1 + b % PERIODS for b in blocks[:PERIODS]] or [1]
    periods = [f"  m{m}: {year(m)}\n  m{m}_before: 12 months before m{m}\n" for m in numbers]
    metrics = [OF_PERIOD.format(m=m) for m in numbers]
    rules = []
    for b in blocks:
        own = {"b": b, "m": 1 + b % PERIODS, "low": 10 + b % 40, "few": 1 + b % 7, "share": 60 + b % 25}
        metrics.append(OF_BLOCK.format(**own))
        rules += [rule.format(**own) for rule in RULES]
    head = HEAD.format(count=count, folder=folder, periods="".join(periods), metrics="".join(metrics))
    return head + ("\nrules:\n" + "".join(rules[:count]) if count else "")
