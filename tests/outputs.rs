//! Writing outputs: links, signals, and two runs at once.

use crate::support::shop::folder;
use crate::support::{Cli, accolade};

const RULES: &str = "accolade: 1
as_of: 2026-01-01
sources:
  customers: {file: customers.csv, key: c, columns: {c: text, revenue: money}}
profile: {quantitative: [revenue]}
rules:
  class: {kind: abc, by: revenue, classes: {A: top 80%, B: rest}}
";

/// Customers with a revenue each.
fn customers(count: usize) -> String {
    let rows = (0..count).map(|i| format!("C{i:06},{}\n", i % 97 + 1));
    std::iter::once("c,revenue\n".to_owned()).chain(rows).collect()
}

#[cfg(unix)]
#[test]
fn a_signal_leaves_no_temporary_file() {
    use std::process::{Command, Stdio};

    use crate::support::service::wait_until;

    for (signal, code) in [("TERM", 143), ("INT", 130), ("HUP", 129)] {
        let shop = folder(&[("r.yaml", RULES), ("customers.csv", &customers(400_000))]);
        let path = shop.path().to_owned();
        let mut run = Cli::new(&shop).args(["run", "r.yaml", "--why", "-o", "out.csv"]).command();
        let mut child = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let temporary = || {
            let names = path.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
            names.filter(|name| name.starts_with(".accolade-")).count()
        };
        wait_until("no output is begun", || (temporary() > 0).then_some(()));
        Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
        assert_eq!((temporary(), path.join("out.csv").exists()), (0, false), "{signal}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let shop = folder(&[("r.yaml", RULES), ("customers.csv", &customers(3)), ("deep/old.csv", "old")]);
    std::os::unix::fs::symlink("deep/old.csv", shop.path().join("out.csv")).unwrap();
    accolade(&shop, &["run", "r.yaml", "-o", "out.csv"]).exits(0);
    assert!(shop.path().join("out.csv").is_symlink());
    assert!(std::fs::read_to_string(shop.path().join("deep/old.csv")).unwrap().starts_with("c,"));
    accolade(&shop, &["calibrate", "r.yaml", "-o", "/dev/stdout"]).says(0, &["accolade_cut_offs: 2"]);
}

#[test]
fn two_runs_into_one_table_leave_one_result() {
    let shop = folder(&[("r.yaml", RULES), ("customers.csv", &customers(2_000))]);
    for _ in 0..3 {
        let runs: Vec<_> = (0..3)
            .map(|_| {
                let run = Cli::new(&shop).args(["run", "r.yaml", "-o", "shop.sqlite#rated"]);
                std::thread::spawn(|| run.run().exits(0))
            })
            .collect();
        runs.into_iter().for_each(|run| drop(run.join().unwrap()));
        let database = rusqlite::Connection::open(shop.path().join("shop.sqlite")).unwrap();
        let rows: i64 = database.query_row("SELECT count(*) FROM rated", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 2_000);
    }
}

#[test]
fn a_description_is_markdown() {
    let shop = folder(&[("r.yaml", RULES), ("customers.csv", &customers(3))]);
    for output in ["x.pdf", "x.html", "x"] {
        accolade(&shop, &["docs", "r.yaml", "-o", output]).says(2, &["is Markdown; end it with .md"]);
        assert!(!shop.path().join(output).exists());
    }
    accolade(&shop, &["docs", "r.yaml", "-o", "x.md"]).exits(0);
}

#[cfg(unix)]
#[test]
fn a_terminal_obeys_no_data() {
    use expectrl::{Eof, Session};

    let key = "a\u{1b}]0;owned\u{7}\u{9b}2J";
    let shop = folder(&[("r.yaml", RULES), ("customers.csv", &format!("c,revenue\n{key},1\nb,2\n"))]);
    for command in [
        &["run", "r.yaml"][..],
        &["run", "r.yaml", "-o", "-"],
        &["explain", "r.yaml", key],
        &["profile", "r.yaml", key],
        &["profile", "r.yaml", key, "--format", "json"],
        &["explain", "r.yaml", &format!("{key}x")],
    ] {
        let terminal = Cli::new(&shop).args(command).env("TERM", "xterm").env_remove("NO_COLOR");
        let mut session = Session::spawn(terminal.command()).unwrap();
        session.set_expect_timeout(Some(std::time::Duration::from_secs(60)));
        let shown = String::from_utf8_lossy(session.expect(Eof).unwrap().as_bytes()).into_owned();
        assert!(shown.contains("]0;owned"), "{command:?} {shown:?}");
        assert!(!shown.contains(['\u{7}', '\u{9b}']) && !shown.contains("\u{1b}]"), "{command:?} {shown:?}");
    }
    let file = accolade(&shop, &["run", "r.yaml", "-o", "-"]).exits(0).out;
    assert!(file.contains(key), "{file:?}");
}

#[test]
fn formulas_in_csv_are_guarded_where_that_is_asked_for() {
    let rules = "accolade: 1
as_of: 2026-01-01
sources:
  customers: {file: customers.csv, key: c, columns: {c: text, note: text?, change: money, level: integer}}
profile: {administrative: [note], quantitative: [change, level]}
rules:
  state: {kind: segments, segments: {'-low': change < 0, '=high': rest}}
";
    let data = "c,note,change,level\n+K1,=1+1,-5,-1\nK2,\"\t=1\",7,2\nK3,fine,0,0\n";
    let shop = folder(&[("r.yaml", rules), ("customers.csv", data)]);
    let guarded =
        "c,note,change,level,state\n'+K1,'=1+1,-5.00,-1,'-low\nK2,'\t=1,7.00,2,'=high\nK3,fine,0.00,0,'=high\n";
    let kept = guarded.replace('\'', "");
    let run = |arguments: &[&str]| accolade(&shop, &[&["run", "r.yaml", "-o"], arguments].concat()).exits(0).out;
    assert_eq!(run(&["-"]), kept);
    assert_eq!(run(&["-", "--guard-formulas"]), guarded);
    run(&["out.csv", "--guard-formulas"]);
    assert_eq!(std::fs::read_to_string(shop.path().join("out.csv")).unwrap(), guarded);
    for other in ["out.xlsx", "out.parquet", "out.ndjson", "out.sqlite"] {
        let why =
            format!("`--guard-formulas` is for CSV, and `{other}` is not: text in it is never taken for a formula");
        accolade(&shop, &["run", "r.yaml", "-o", other, "--guard-formulas"]).says(2, &[&why]);
        assert!(!shop.path().join(other).exists());
    }
    accolade(&shop, &["run", "r.yaml", "--guard-formulas"]).says(2, &["--output <FILE>"]);
    std::fs::write(shop.path().join("new.yaml"), rules.replace("change < 0", "change < 1")).unwrap();
    accolade(&shop, &["compare", "r.yaml", "new.yaml", "-o", "moved.csv", "--guard-formulas"]).exits(0);
    let moved = std::fs::read_to_string(shop.path().join("moved.csv")).unwrap();
    assert!(moved.contains("\nstate,K3,'=high,'-low,"), "{moved}");
}

/// A value that is computed may be missing in every format, also where no operand can be.
#[test]
fn a_result_that_is_too_large_is_missing_in_every_format() {
    let rules = "accolade: 1
as_of: 2026-01-01
sources: {customers: {file: c.csv, key: id, columns: {id: text, n: integer}}}
profile: {quantitative: {product: n * 9_000_000_000_000, size: abs(n)}}
";
    let back = "accolade: 1
as_of: 2026-01-01
sources: {customers: {file: out, key: id, columns: {id: text, product: integer?, size: integer?}}}
profile: {quantitative: [product, size]}
";
    let shop = folder(&[("r.yaml", rules), ("c.csv", "id,n\nK1,-9223372036854775808\nK2,1\n"), ("back.yaml", back)]);
    for to in ["out.csv", "out.parquet", "out.ndjson", "out.xlsx", "out.sqlite#rated"] {
        accolade(&shop, &["run", "r.yaml", "-o", to]).says(0, &["W0707"]);
        let from = format!("customers={to}");
        let read = accolade(&shop, &["run", "back.yaml", "--source", &from, "-o", "-"]);
        assert_eq!(read.out, "id,product,size\nK1,,\nK2,9000000000000,1\n", "{to}");
    }
}
