//! The functions that scripts define, the limits of scripts, and their texts.

use std::path::Path;

use accolade_core::files::{SourceFile, SourceFiles};
use accolade_core::model::ScriptFunction;
use accolade_core::script::LIMITS;
use accolade_parser::syntax::file::FunctionDecl;
use accolade_rules::describe::{Block, DescriptionPart, code, count, script_text};
use accolade_rules::set::RuleSet;

use super::sources::{column_words, returned_words};

/// Everything about scripts.
pub(super) fn part(set: &RuleSet, files: &SourceFiles) -> DescriptionPart {
    let mut parts: Vec<DescriptionPart> =
        set.functions.iter().filter_map(|f| Some(function(f, set.written.functions.get(&f.name)?))).collect();
    parts.extend(limits(set));
    // The first file is the rule file.
    let folder = files.all().first().and_then(|file| file.path.parent()).unwrap_or(Path::new(""));
    parts.extend(files.all().iter().filter(|file| is_script(file)).map(|file| script(file, folder)));
    DescriptionPart { title: "Scripts".to_owned(), blocks: Vec::new(), parts }
}

fn function(function: &ScriptFunction, written: &FunctionDecl) -> DescriptionPart {
    let mut blocks: Vec<Block> = written.description.iter().map(|d| Block::paragraph(&d.value)).collect();
    let rows = function.parameters.iter().map(|column| vec![code(&column.name), column_words(column)]);
    blocks.push(Block::table(&["argument", "is"], rows));
    blocks.push(Block::Paragraph(format!("It gives: {}.", returned_words(&function.returns))));
    blocks.push(script_text(&written.script.text));
    DescriptionPart::new(format!("Function {}", code(&function.name)), blocks)
}

fn limits(set: &RuleSet) -> Option<DescriptionPart> {
    if set.written.script_limits.is_empty() {
        return None;
    }
    let rows = set.written.script_limits.iter().map(|(name, most)| {
        let what = LIMITS.iter().find(|(limit, ..)| *limit == name.value).map_or("", |(.., what)| what);
        vec![code(&name.value), count(most.value), what.to_owned()]
    });
    Some(DescriptionPart::new("Limits of scripts", vec![Block::table(&["limit", "at most", "what it counts"], rows)]))
}

fn is_script(file: &SourceFile) -> bool {
    file.path.extension().is_some_and(|ending| ending == "rhai")
}

fn script(file: &SourceFile, folder: &Path) -> DescriptionPart {
    let name = file.path.strip_prefix(folder).unwrap_or(&file.path);
    let name = name.display().to_string().replace('\\', "/");
    DescriptionPart::new(code(&name), vec![Block::Code(file.text.trim_end().to_owned())])
}
