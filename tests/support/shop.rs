//! A small shop: customers with their orders, which most rule files of the tests are about.

use tempfile::TempDir;

/// A rule file of the shop: `head` says more of the rule set, `customers` declares the columns of its customers, the
/// key first, and `rest` begins with the periods. The orders have an amount and the `day` they are of.
pub fn rules(head: &str, customers: &str, rest: &str) -> String {
    let key = customers.split(',').next().unwrap_or_default();
    format!(
        "accolade: 1\n{head}as_of: 2026-01-01\n\
         sources:\n  customers:\n    file: customers.csv\n    key: customer_id\n    columns: {{{customers}}}\n\
         \x20 orders:\n    file: orders.csv\n    customer: customer_id\n    date: day\n    columns: {{{key}, day: date, amount: money}}\n\
         {rest}"
    )
}

/// A folder with these files.
pub fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}
