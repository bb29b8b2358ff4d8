//! The names of types in a crate, read from its sources.

use std::collections::BTreeMap;
use std::path::PathBuf;

use syn::Item;

/// The types that are declared more than once in these files, with the files. Those of tests do not count.
pub fn repeated(files: &[PathBuf]) -> BTreeMap<String, Vec<String>> {
    let mut declared: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files.iter().filter(|file| !file.iter().any(|part| part == "tests" || part == "tests.rs")) {
        let text = std::fs::read_to_string(file).unwrap();
        collect(&syn::parse_file(&text).unwrap().items, &file.display().to_string(), &mut declared);
    }
    declared.retain(|_, files| files.len() > 1);
    declared
}

fn collect(items: &[Item], file: &str, declared: &mut BTreeMap<String, Vec<String>>) {
    for item in items {
        let name = match item {
            Item::Struct(item) => &item.ident,
            Item::Enum(item) => &item.ident,
            Item::Trait(item) => &item.ident,
            Item::Type(item) => &item.ident,
            Item::Mod(item) => {
                let is_test = item.ident == "tests" || item.ident == "testing";
                if let (Some((_, items)), false) = (&item.content, is_test) {
                    collect(items, file, declared);
                }
                continue;
            }
            _ => continue,
        };
        declared.entry(name.to_string()).or_default().push(file.to_owned());
    }
}
