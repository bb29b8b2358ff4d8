//! Helpers of the tests.

use std::collections::BTreeSet;
use std::path::Path;

use accolade_engine::Plugins;
use accolade_rhai::RhaiHost;

use super::documents::Documents;
use super::project::Project;

/// The text without its cursor mark `¦`, and the offset of the mark.
pub(super) fn marked(text: &str) -> (String, usize) {
    let offset = text.find('¦').expect("a mark");
    (text.replacen('¦', "", 1), offset)
}

/// The shipped plugins with the script host.
pub(super) fn plugins() -> Plugins {
    let mut plugins = accolade_engine::plugins();
    plugins.set_script_host(Box::new(RhaiHost::default()));
    plugins
}

/// A small rule file without errors.
pub(super) const SHOP: &str = "\
accolade: 1
name: shop
as_of: 2026-01-01
sources:
  customers:
    key: id
    columns: {id: text, city: text, score: integer 1..5}
  orders:
    customer: id
    date: day
    columns: {id: text, day: date, amount: money}
periods:
  year: last 12 months
profile:
  administrative: [city]
  quantitative:
    revenue: sum(orders.amount in year)
rules:
  class:
    kind: abc
    by: revenue
    classes: {A: top 80% of revenue, B: rest}
  advice:
    kind: segments
    segments:
      keep: class = \"A\" and score > 3
      other: rest
measures:
  total: sum(revenue) by class
";

/// The path of [`SHOP`].
pub(super) fn shop_path() -> &'static Path {
    Path::new("/nowhere/rules.yaml")
}

/// A project that has checked this text under the path of [`SHOP`].
pub(super) fn project(text: &str) -> (Project, Documents) {
    let mut documents = Documents::default();
    documents.set(shop_path().to_owned(), text.to_owned(), 1);
    let mut project = Project::default();
    project.check(&BTreeSet::from([shop_path().to_owned()]), &documents, &plugins());
    (project, documents)
}
