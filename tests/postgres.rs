//! Sources in a PostgreSQL server give the results of files, and its errors are reported.

use std::path::Path;

use tempfile::TempDir;

use crate::support::postgres_server::PostgresServer;
use crate::support::tables::{ColumnKind, shipped, tables};
use crate::support::{Cli, CommandOutput};

const NAMES: [&str; 3] = ["customers", "orders", "surveys"];

/// A run that knows the server's password and nothing of the user's own settings.
fn run_in(folder: &Path, server: &PostgresServer, arguments: &[&str]) -> CommandOutput {
    Cli::new(folder).args(arguments).env("PGPASSWORD", &server.password).env("HOME", folder).run()
}

/// A server that has the tables of the shipped rule set, with an index and a row that was updated.
fn filled() -> PostgresServer {
    let server = PostgresServer::start();
    let mut client = server.connect();
    for table in tables(&shipped(), &NAMES) {
        let of = |kind| match kind {
            ColumnKind::Text => "text",
            ColumnKind::Integer => "integer",
            ColumnKind::Decimal => "numeric(12,2)",
            ColumnKind::Date => "date",
        };
        client.batch_execute(&table.create(of)).unwrap();
        let mut copy = client.copy_in(&format!("COPY {} FROM STDIN (FORMAT csv, HEADER)", table.name)).unwrap();
        std::io::Write::write_all(&mut copy, &table.csv(&table.rows)).unwrap();
        copy.finish().unwrap();
    }
    client.batch_execute("UPDATE orders SET amount = amount WHERE order_id LIKE '%7'").unwrap();
    server
}

#[test]
#[cfg_attr(not(has_postgres), ignore = "PostgreSQL is not installed")]
fn a_database_gives_what_files_give() {
    let server = filled();
    let folder = TempDir::new().unwrap();
    let rules = shipped().join("rules.yaml");
    let run = |sources: &[String]| {
        let mut arguments = vec!["run", rules.to_str().unwrap(), "-o", "-"];
        sources.iter().for_each(|source| arguments.extend(["--source", source]));
        run_in(folder.path(), &server, &arguments).exits(0).out
    };
    let expected = run(&[]);
    let url = server.url();
    let sources: Vec<String> = NAMES.iter().map(|name| format!("{name}={url}#{name}")).collect();
    assert!(run(&sources) == expected);
    assert!(run(&[format!("orders={url}#public.orders")]) == expected);

    // The same in a rule file, one source by a query, with the password in a file.
    let mut text = std::fs::read_to_string(&rules).unwrap();
    for name in NAMES {
        let select = match name {
            "orders" => "query: SELECT * FROM orders ORDER BY amount  -- all of them".to_owned(),
            name => format!("table: {name}"),
        };
        let keys = format!("url: {url}\n    password_file: secret\n    {select}");
        text = text.replace(&format!("file: {name}.csv"), &keys);
    }
    std::fs::write(folder.path().join("rules.yaml"), text).unwrap();
    std::fs::write(folder.path().join("secret"), format!("{}\n", server.password)).unwrap();
    let shipped_scripts = shipped().join("scripts");
    std::fs::create_dir(folder.path().join("scripts")).unwrap();
    for script in std::fs::read_dir(shipped_scripts).unwrap() {
        let script = script.unwrap();
        std::fs::copy(script.path(), folder.path().join("scripts").join(script.file_name())).unwrap();
    }
    let ran = Cli::new(&folder).args(["run", "rules.yaml", "-o", "-"]).env("HOME", folder.path()).run();
    assert!(ran.out == expected, "{}", ran.err);
}

const RULES: &str = "accolade: 1
as_of: 2026-01-01
sources:
  customers:
    key: id
    columns: {id: text, day: date, revenue: money, active: boolean?}
profile:
  administrative: [day, revenue, active]
rules:
  class: {kind: abc, by: revenue, classes: {A: top 80%, B: rest}}
";

#[test]
#[cfg_attr(not(has_postgres), ignore = "PostgreSQL is not installed")]
fn values_are_exact_and_errors_have_a_place() {
    let server = PostgresServer::start();
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("rules.yaml"), RULES).unwrap();
    let mut client = server.connect();
    let good = "CREATE TABLE good (id char(3), day date, revenue numeric, active boolean); INSERT INTO good VALUES \
         ('a', '2025-01-02', 19.990000, true), ('b', '2025-01-03', 99999999999999.9999, NULL), ('c', '2025-01-04', 0.0001, false);\
         CREATE TABLE bad (id text, day text, revenue float8, active boolean); INSERT INTO bad VALUES \
         ('a', '2025-01-02', 0.5, true), ('b', '2025-02-30', 1, true), (NULL, '2025-01-01', 'NaN', true);\
         CREATE TABLE one (id text); INSERT INTO one VALUES (NULL), ('a');\
         CREATE SCHEMA hidden; CREATE TABLE hidden.good (id text)";
    client.batch_execute(good).unwrap();
    let url = server.url();
    let run = |source: &str, more: &[&str]| {
        let source = format!("customers={source}");
        run_in(folder.path(), &server, &[&["run", "rules.yaml", "-o", "-", "--source", &source], more].concat())
    };
    let ran = run(&format!("{url}#good"), &[]);
    for line in ["a,2025-01-02,19.99,true,", "b,2025-01-03,99999999999999.9999,,", "c,2025-01-04,0.0001,false,"] {
        assert!(ran.out.contains(line), "{}", ran.output());
    }
    let said = |source: &str| run(source, &[]).exits(2).err;
    let bad = said(&format!("{url}#bad"));
    for part in ["`2025-02-30` is not a date", "`NaN` is not", "the value is missing", "#bad:2", "#bad:3"] {
        assert!(bad.contains(part), "no {part} in\n{bad}");
    }
    run(&format!("{url}#bad"), &["--bad-rows", "report"]).exits(0);
    let rejected = std::fs::read_to_string(folder.path().join("customers.2026-01-01.rejected.csv")).unwrap();
    assert_eq!(rejected.lines().count(), 3, "{rejected}");
    let one = said(&format!("{url}#one"));
    assert!(one.contains("no column `day`"), "{one}");
    let (host, rest) = url.split_once("@").map(|(_, rest)| rest.split_once('/').unwrap()).unwrap();
    for (source, expected) in [
        (format!("{url}#goods"), "did you mean `good`?"),
        (url.clone(), "the tables are: bad, good, hidden.good, one"),
        (format!("postgres://accolade@{host}/nowhere#good"), "no database `nowhere`"),
        (format!("postgres://accolade:hunter2@{host}/{rest}#good"), "refuses the password of `accolade`"),
        ("postgres://accolade@127.0.0.1:1/d#good".to_owned(), "cannot be reached: "),
        (format!("{url}{}sslmode=require#good", if url.contains('?') { '&' } else { '?' }), "TLS"),
    ] {
        let said = said(&source);
        assert!(said.contains("E0701") && said.contains(expected), "{source}: no {expected} in\n{said}");
        assert!(!said.contains("hunter2") && !said.contains(&server.password), "{said}");
    }
}

#[test]
#[cfg_attr(not(has_postgres), ignore = "PostgreSQL is not installed")]
fn results_replace_a_table_in_one_transaction() {
    let server = PostgresServer::start();
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("rules.yaml"), RULES).unwrap();
    let data =
        |text: &str| std::fs::write(folder.path().join("c.csv"), format!("id,day,revenue,active\n{text}")).unwrap();
    let mut client = server.connect();
    let target = format!("{}#rated", server.url());
    let run = || run_in(folder.path(), &server, &["run", "rules.yaml", "--source", "customers=c.csv", "-o", &target]);
    let mut rows = || -> Vec<String> {
        let select = "SELECT concat_ws(' ', id, day, revenue, active, class, pg_typeof(revenue), pg_typeof(day)) FROM rated ORDER BY id";
        client.query(select, &[]).unwrap().iter().map(|row| row.get(0)).collect()
    };
    data("a,2025-01-02,99999999999999.9999,true\nb,2025-01-02,0.5,\n");
    assert!(!run().exits(0).err.contains(&server.password));
    let first = ["a 2025-01-02 99999999999999.9999 t A numeric date", "b 2025-01-02 0.5000 B numeric date"];
    assert_eq!(rows(), first);

    // A row that a constraint refuses leaves everything as it was.
    let mut admin = server.connect();
    admin.batch_execute("GRANT SELECT ON rated TO PUBLIC; ALTER TABLE rated ADD CHECK (id <> 'z')").unwrap();
    data("a,2025-01-02,1,true\nz,2025-01-02,0.5,\n");
    let said = run().exits(2).err;
    assert!(said.contains("violates check constraint"), "{said}");
    assert_eq!(rows(), first);
    data("a,2025-01-02,1,true\n");
    run().exits(0);
    assert_eq!(rows(), ["a 2025-01-02 1.0000 t A numeric date"]);
    let granted = "SELECT has_table_privilege('public', 'rated', 'SELECT')";
    assert!(admin.query_one(granted, &[]).unwrap().get::<_, bool>(0));

    admin.batch_execute("ALTER TABLE rated ADD COLUMN note text").unwrap();
    assert!(run().err.contains("has another column `note`; drop it"));
}

#[test]
#[cfg_attr(not(has_postgres), ignore = "PostgreSQL is not installed")]
fn a_connection_that_ends_midway_leaves_the_table_as_it_was() {
    let server = PostgresServer::start();
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("rules.yaml"), RULES).unwrap();
    let data =
        |text: &str| std::fs::write(folder.path().join("c.csv"), format!("id,day,revenue,active\n{text}")).unwrap();
    let target = format!("{}#rated", server.url());
    let run = || run_in(folder.path(), &server, &["run", "rules.yaml", "--source", "customers=c.csv", "-o", &target]);
    data("a,2025-01-02,1,true\nb,2025-01-02,0.5,\n");
    run().exits(0);
    // The rows before the last are written when the connection is ended.
    let mut client = server.connect();
    let wait = "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS \
                'BEGIN IF NEW.id = ''z'' THEN PERFORM pg_sleep(60); END IF; RETURN NEW; END'; \
                CREATE TRIGGER wait BEFORE INSERT ON rated FOR EACH ROW EXECUTE FUNCTION wait()";
    client.batch_execute(wait).unwrap();
    data("c,2025-01-02,1,true\nd,2025-01-02,3,\nz,2025-01-02,0.5,\n");
    let ran = std::thread::scope(|scope| {
        let run = scope.spawn(run);
        let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                   WHERE application_name = 'accolade' AND wait_event = 'PgSleep'";
        let begun = std::time::Instant::now();
        while client.query_one(end, &[]).unwrap().get::<_, i64>(0) == 0 {
            assert!(begun.elapsed() < std::time::Duration::from_secs(50), "nothing is written");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        run.join().unwrap()
    });
    let said = ran.exits(2).err;
    assert!(said.contains("cannot be written: "), "{said}");
    assert!(!said.contains(&server.password), "{said}");
    let ids = "SELECT string_agg(id, ' ' ORDER BY id) FROM rated";
    assert_eq!(client.query_one(ids, &[]).unwrap().get::<_, String>(0), "a b");
}

#[test]
#[cfg_attr(not(has_postgres), ignore = "PostgreSQL is not installed")]
fn two_runs_into_one_table_leave_one_result() {
    let server = PostgresServer::start();
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("rules.yaml"), RULES.replace("key: id", "file: c.csv\n    key: id")).unwrap();
    let rows: String = (0..5_000).map(|i| format!("C{i},2025-01-01,{},\n", i % 97)).collect();
    std::fs::write(folder.path().join("c.csv"), format!("id,day,revenue,active\n{rows}")).unwrap();
    let target = format!("{}#rated", server.url());
    for _ in 0..4 {
        std::thread::scope(|scope| {
            let run = || run_in(folder.path(), &server, &["run", "rules.yaml", "-o", &target]).exits(0);
            let runs: Vec<_> = (0..3).map(|_| scope.spawn(run)).collect();
            runs.into_iter().for_each(|run| drop(run.join().unwrap()));
        });
        let count: i64 = server.connect().query_one("SELECT count(*) FROM rated", &[]).unwrap().get(0);
        assert_eq!(count, 5_000);
    }
}

#[test]
#[cfg_attr(not(has_postgres), ignore = "PostgreSQL is not installed")]
fn instants_of_a_database_fall_in_days_of_the_time_zone() {
    let server = PostgresServer::start();
    let mut client = server.connect();
    client
        .batch_execute(
            "CREATE TABLE orders (customer text, at timestamptz, local timestamp, amount numeric(10, 2));\
             INSERT INTO orders VALUES ('a', '2025-04-30 23:59:00-04', '2025-04-30 23:59:00', 1)",
        )
        .unwrap();
    let folder = TempDir::new().unwrap();
    let run = |zone: &str| {
        let rules = format!(
            "accolade: 1\nas_of: 2025-12-31\n{zone}sources:\n  orders: {{url: '{}', table: orders, customer: customer, date: at, columns: {{customer: text, at: datetime, local: datetime, amount: money}}}}\n\
             profile:\n  quantitative: {{last_order: max(orders.at), last_local: max(orders.local)}}\n",
            server.url()
        );
        std::fs::write(folder.path().join("r.yaml"), rules).unwrap();
        run_in(folder.path(), &server, &["run", "r.yaml", "-o", "-"])
    };
    let expected = "customer,last_order,last_local\na,2025-04-30T23:59:00,2025-04-30T23:59:00\n";
    let ran = run("time_zone: America/New_York\n");
    assert_eq!(ran.out, expected, "{}", ran.err);
    assert!(run("").err.contains("`time_zone: "), "{}", run("").err);
}

#[test]
#[cfg_attr(not(has_postgres), ignore = "PostgreSQL is not installed")]
fn a_view_of_other_columns_takes_the_place_of_the_old_one() {
    let server = PostgresServer::start();
    let mut client = server.connect();
    client
        .batch_execute("CREATE TABLE customers (id text, day date, revenue numeric, active boolean); INSERT INTO customers VALUES ('a', '2025-01-02', 1, true)")
        .unwrap();
    let folder = TempDir::new().unwrap();
    let source = format!("customers={}#customers", server.url());
    let view = |rules: &str| {
        std::fs::write(folder.path().join("rules.yaml"), rules).unwrap();
        let sql = ["sql", "rules.yaml", "--dialect", "postgres", "--source", &source, "--create-view", "public.rated"];
        run_in(folder.path(), &server, &sql).exits(0).out
    };
    let columns = "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'rated'::regclass AND attnum > 0";
    let mut statement = String::new();
    for (shown, expected) in
        [("day, revenue, active", "id day revenue active"), ("active, revenue", "id active revenue")]
    {
        let rules = RULES.replace("administrative: [day, revenue, active]", &format!("administrative: [{shown}]"));
        statement = view(&rules);
        client.batch_execute(&statement).unwrap();
        let found: String = client.query_one(columns, &[]).unwrap().get(0);
        assert!(found.starts_with(expected), "{found}");
    }
    // A statement that fails leaves the view as it was.
    client.batch_execute("ALTER TABLE customers RENAME TO others").unwrap();
    assert!(client.batch_execute(&statement).is_err());
    client.batch_execute("ROLLBACK").unwrap();
    let found: String = client.query_one(columns, &[]).unwrap().get(0);
    assert!(found.starts_with("id active revenue"), "{found}");
}
