-- small: customers rated as at 2026-01-01
-- Made by `accolade sql --dialect duckdb` 0.1.0; change the rules, not this.
WITH
-- the customers of all events
"customers_rows" AS (
  SELECT CAST("id" AS VARCHAR) AS "id" FROM "orders"
),
-- orders as the rule file declares them
"orders_rows" AS (
  SELECT
    CAST("id" AS VARCHAR) AS "id",
    CAST("day" AS DATE) AS "day",
    CAST("amount" AS DECIMAL(38, 4)) AS "amount"
  FROM "orders"
),
-- the events of orders by customer
"orders_by_customer" AS (
  SELECT
    "id",
    SUM("amount") FILTER (WHERE "day" >= DATE '2025-01-02' AND "day" <= DATE '2026-01-01') AS "revenue"
  FROM "orders_rows" GROUP BY "id"
),
-- a row for each customer
"profile" AS (
  SELECT
    c."id",
    COALESCE(e0."revenue", 0) AS "revenue"
  FROM "customers_rows" AS c
  LEFT JOIN "orders_by_customer" AS e0 ON e0."id" = c."id"
),
-- class (abc): Who brings most.
"step_1" AS (
  SELECT
    *,
    "revenue" IS NOT NULL AND "revenue" <> 0 AS "class, has a rank",
    CAST("revenue" * 10000 AS HUGEINT) AS "class, amount"
  FROM "profile"
),
"step_2" AS (
  SELECT
    *,
    CAST(CASE WHEN "class, amount" > 0 THEN "class, amount" ELSE 0 END AS HUGEINT) AS "class, what counts"
  FROM "step_1"
),
"step_3" AS (
  SELECT
    *,
    SUM("class, what counts") OVER () AS "class, total",
    SUM("class, what counts") OVER (ORDER BY "revenue" DESC) AS "class, so far",
    CASE WHEN "revenue" IS NULL OR "revenue" = 0 THEN 'none' WHEN "revenue" >= 250.5 THEN 'A' ELSE 'B' END AS "class",
    CAST(CASE
        WHEN "class, has a rank" THEN CAST(RANK() OVER (PARTITION BY "class, has a rank" ORDER BY "revenue" DESC) AS BIGINT)
      END AS BIGINT) AS "class.rank"
  FROM "step_2"
),
"step_4" AS (
  SELECT
    *,
    CASE
      WHEN "class, has a rank" THEN CAST("class, amount" AS DOUBLE) / NULLIF(CAST("class, total" AS DOUBLE), 0) + 0e0
    END AS "class.share",
    CASE
      WHEN "class, has a rank" THEN CAST("class, so far" AS DOUBLE) / NULLIF(CAST("class, total" AS DOUBLE), 0) + 0e0
    END AS "class.cumulative_share"
  FROM "step_3"
),
-- plan (segments)
"step_5" AS (
  SELECT
    *,
    CASE WHEN "class" = 'A' THEN 'visit' ELSE 'call' END AS "plan"
  FROM "step_4"
)
SELECT
  "id" AS "id",
  CAST("revenue" AS DECIMAL(38, 4)) AS "revenue",
  "class" AS "class",
  CAST("class.rank" AS BIGINT) AS "class.rank",
  "class.share" AS "class.share",
  "class.cumulative_share" AS "class.cumulative_share",
  "plan" AS "plan"
FROM "step_5" AS r
ORDER BY r."id";
