//! The dependencies between the modules of a crate, read from its sources.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// The modules that each module names, each with a file that names it.
pub type ModuleGraph = BTreeMap<String, BTreeMap<String, String>>;

/// The dependencies between the files and folders directly under `src`; tests do not count.
pub fn module_graph(src: &Path, files: &[PathBuf]) -> ModuleGraph {
    let inside = |file: &PathBuf| file.strip_prefix(src).unwrap().with_extension("");
    let parts = |file: &PathBuf| -> Vec<String> {
        inside(file).iter().map(|part| part.to_string_lossy().into_owned()).filter(|part| part != "mod").collect()
    };
    let modules: BTreeSet<String> = files.iter().filter_map(|file| parts(file).into_iter().next()).collect();
    let root = files.iter().find(|file| parts(file) == ["lib"]);
    let exported = root.map(|file| exports(&std::fs::read_to_string(file).unwrap())).unwrap_or_default();
    let mut arrows = ModuleGraph::new();
    for file in files {
        let place = parts(file);
        let is_test = place.iter().any(|part| part == "tests");
        let Some(own) = place.first().filter(|own| !is_test && !["lib", "main"].contains(&own.as_str())) else {
            continue;
        };
        let mut named = RootPaths { depth: place.len(), found: BTreeSet::new() };
        named.visit_file(&syn::parse_file(&std::fs::read_to_string(file).unwrap()).unwrap());
        for name in named.found {
            let module = if modules.contains(&name) { Some(&name) } else { exported.get(&name) };
            if let Some(module) = module.filter(|module| *module != own && modules.contains(*module)) {
                let file = inside(file).display().to_string();
                arrows.entry(own.clone()).or_default().entry(module.clone()).or_insert(file);
            }
        }
    }
    arrows
}

/// The names that the root of a crate re-exports, with the module each comes from.
fn exports(root: &str) -> BTreeMap<String, String> {
    let mut exported = BTreeMap::new();
    for item in syn::parse_file(root).unwrap().items {
        let syn::Item::Use(item) = item else { continue };
        for path in leaves(&item.tree) {
            let path: Vec<String> = path.into_iter().filter(|part| part != "self" && part != "crate").collect();
            if let [module, .., name] = path.as_slice() {
                exported.insert(name.clone(), module.clone());
            }
        }
    }
    exported
}

/// The first names of paths from the root of the crate.
struct RootPaths {
    /// How many modules deep the code is.
    depth: usize,
    found: BTreeSet<String>,
}

impl RootPaths {
    fn path(&mut self, parts: &[String]) {
        let up = parts.iter().take_while(|part| *part == "super").count();
        let first = match parts.first().map(String::as_str) {
            Some("crate") => parts.get(1),
            Some("super") if up == self.depth => parts.get(up),
            _ => None,
        };
        self.found.extend(first.cloned());
    }

    /// Paths in the arguments of macros.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut parts: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) if colons == 2 || parts.is_empty() => parts.push(name.to_string()),
                TokenTree::Punct(sign) if sign.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                other => {
                    self.path(&parts);
                    parts.clear();
                    match other {
                        TokenTree::Group(group) => self.tokens(group.stream()),
                        TokenTree::Ident(name) => parts.push(name.to_string()),
                        _ => {}
                    }
                }
            }
            colons = 0;
        }
        self.path(&parts);
    }
}

impl<'a> Visit<'a> for RootPaths {
    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        let of_tests = |attribute: &syn::Attribute| {
            attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Ident>().is_ok_and(|name| name == "test")
        };
        if !item.attrs.iter().any(of_tests) {
            self.depth += 1;
            visit::visit_item_mod(self, item);
            self.depth -= 1;
        }
    }

    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        leaves(&item.tree).iter().for_each(|path| self.path(path));
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        self.path(&path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'a syn::Macro) {
        self.tokens(item.tokens.clone());
        visit::visit_macro(self, item);
    }
}

/// Every path of a `use`.
fn leaves(tree: &syn::UseTree) -> Vec<Vec<String>> {
    match tree {
        syn::UseTree::Path(path) => {
            let below = leaves(&path.tree).into_iter();
            below.map(|rest| [vec![path.ident.to_string()], rest].concat()).collect()
        }
        syn::UseTree::Name(name) => vec![vec![name.ident.to_string()]],
        syn::UseTree::Rename(name) => vec![vec![name.ident.to_string()]],
        syn::UseTree::Glob(_) => vec![Vec::new()],
        syn::UseTree::Group(group) => group.items.iter().flat_map(leaves).collect(),
    }
}

/// The cycles: sets of modules that reach each other, each with its dependencies.
pub fn cycles(arrows: &ModuleGraph) -> Vec<Vec<String>> {
    let reach = |from: &String| {
        let (mut reached, mut next) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(module) = next.pop() {
            let further = arrows.get(&module).into_iter().flat_map(BTreeMap::keys);
            next.extend(further.filter(|to| reached.insert((*to).clone())).cloned());
        }
        reached
    };
    let reached: BTreeMap<&String, BTreeSet<String>> = arrows.keys().map(|from| (from, reach(from))).collect();
    let both = |a: &String, b: &String| {
        reached.get(a).is_some_and(|r| r.contains(b)) && reached.get(b).is_some_and(|r| r.contains(a))
    };
    let mut circles: BTreeMap<BTreeSet<&String>, Vec<String>> = BTreeMap::new();
    for (from, to, file) in arrows.iter().flat_map(|(from, to)| to.iter().map(move |(to, file)| (from, to, file))) {
        if both(from, to) {
            let members = arrows.keys().filter(|other| both(from, other)).collect();
            circles.entry(members).or_default().push(format!("{from} -> {to} ({file})"));
        }
    }
    circles.into_values().collect()
}
