//! The seeds of the fuzz targets in `crates/fuzz`, and what fuzzing found, given to the same functions.
//!
//! `ACCOLADE_FUZZ=rule_file=1000000 cargo test -p accolade --test end_to_end fuzz:: -- --nocapture` changes the seeds of
//! a target at random that many times, with the stable compiler. `cargo fuzz run rule_file seeds/rule_file` in
//! `crates/fuzz` is led by what the inputs reach.

#[path = "../crates/fuzz/src/targets.rs"]
mod targets;

use std::path::{Path, PathBuf};

use targets::TARGETS;

/// A target's seeds by name.
fn seeds(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds").join(target);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

/// Numbers that are the same everywhere (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { (self.next() % end as u64) as usize }
    }
}

/// Texts that matter to one reader or another.
const WORDS: &[&str] = &[
    "",
    "0",
    "-1",
    "1e400",
    "9223372036854775807",
    "170141183460469231731687303715884105727",
    "0.00005",
    "NaN",
    "\n",
    "\r",
    "\0",
    "\u{feff}",
    "é",
    "😀",
    "'",
    "\"",
    "\\",
    "`",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ":",
    ",",
    ";",
    "|\n",
    "- ",
    "#",
    "&a ",
    "*a",
    "!!x ",
    "~",
    "null",
    "missing",
    "rest",
    "2024-02-29",
    "9999-12-31",
    "0000-00-00",
    "30%",
    "in year",
    " where ",
    " is missing",
    "..",
    "..<",
    "<=",
    "=",
    "\"\"",
    "<v>",
    "</c>",
    "fn f(x) { f(x) }",
    "loop { }",
    "a.b",
    "|x| x",
    "${",
    "()",
    "==",
];

/// A seed with a few changes: bytes flipped, cut, doubled, replaced by a word, or by a part of another seed.
fn changed(seeds: &[(PathBuf, Vec<u8>)], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = seeds[numbers.below(seeds.len())].1.clone();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(bytes.len() + 1);
        let end = (at + numbers.below(12)).min(bytes.len());
        let new: Vec<u8> = match numbers.below(6) {
            0 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << numbers.below(8);
                }
                continue;
            }
            1 => Vec::new(),
            2 => bytes[at..end].repeat(2),
            3 => {
                let other = &seeds[numbers.below(seeds.len())].1;
                let from = numbers.below(other.len());
                other[from..(from + numbers.below(40)).min(other.len())].to_vec()
            }
            _ => WORDS[numbers.below(WORDS.len())].as_bytes().to_vec(),
        };
        bytes.splice(at..end, new);
    }
    bytes
}

/// Gives an input to a target. A panic names the input, which then belongs among the seeds.
#[track_caller]
fn give(name: &str, target: fn(&[u8]), input: &[u8], from: &str) {
    let input = input.to_vec();
    let outcome = std::panic::catch_unwind(|| target(&input));
    assert!(outcome.is_ok(), "{name} fails for {from}:\n{:?}", String::from_utf8_lossy(&input));
}

#[test]
fn seeds_go_through_their_targets() {
    for (name, target) in TARGETS {
        let seeds = seeds(name);
        assert!(!seeds.is_empty(), "{name} has no seeds");
        for (path, seed) in &seeds {
            give(name, *target, seed, &path.display().to_string());
        }
    }
}

#[test]
fn the_seeds_of_cut_offs_hold_those_of_the_rules() {
    let sound = targets::sound_cut_offs();
    assert!(seeds("cut_offs").iter().any(|(_, seed)| seed == sound.as_bytes()), "no seed is\n{sound}");
}

#[test]
fn changed_seeds_go_through_their_targets() {
    let wanted = std::env::var("ACCOLADE_FUZZ").unwrap_or_default();
    let start = std::env::var("ACCOLADE_FUZZ_START").ok().and_then(|start| start.parse().ok()).unwrap_or(0);
    for (name, target) in TARGETS {
        let of = |entry: &str| entry.split_once('=').filter(|(key, _)| key == name)?.1.parse::<u64>().ok();
        let few = if wanted.is_empty() { 40 } else { 0 };
        let inputs = wanted.split(',').find_map(of).unwrap_or(few);
        let seeds = seeds(name);
        for number in start..start + inputs {
            let input = changed(&seeds, &mut Numbers(number.wrapping_mul(0x2545_f491_4f6c_dd1d)));
            give(name, *target, &input, &format!("input {number}"));
        }
        if !wanted.is_empty() {
            println!("{name}: {inputs} inputs");
        }
    }
}

#[test]
fn every_target_of_the_table_is_a_program_of_the_fuzzer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    for (name, _) in TARGETS {
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
        let program = std::fs::read_to_string(folder.join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(program.contains(&format!("targets::{name}(data)")), "{name}");
    }
}
