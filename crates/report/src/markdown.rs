//! Descriptions and tables as GitHub-flavoured Markdown.

use accolade_engine::rules::describe::{Block, Description, DescriptionPart, Graph, NodeKind};

/// Renders a description as a document.
pub fn document(document: &Description) -> String {
    let mut out = String::new();
    heading(&mut out, 1, &document.title);
    document.blocks.iter().for_each(|block| push(&mut out, block));
    parts(&mut out, 2, &document.parts);
    out
}

/// Appends parts, with headings of this level and deeper.
pub fn parts(out: &mut String, level: usize, parts: &[DescriptionPart]) {
    for part in parts {
        heading(out, level, &part.title);
        part.blocks.iter().for_each(|block| push(out, block));
        self::parts(out, level + 1, &part.parts);
    }
}

/// Appends a heading, after an empty line unless it is the first.
pub fn heading(out: &mut String, level: usize, title: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    *out += &format!("{} {}\n", "#".repeat(level.min(6)), inline(title, false));
}

fn push(out: &mut String, block: &Block) {
    out.push('\n');
    match block {
        Block::Paragraph(text) => *out += &format!("{}\n", inline(text, false)),
        Block::List(items) => items.iter().for_each(|item| *out += &format!("- {}\n", inline(item, false))),
        Block::Table(of) => {
            let rows = of.rows.iter().map(|row| row.iter().map(|cell| inline(cell, true)).collect());
            *out += &markdown_table(of.columns.iter().map(|column| inline(column, true)).collect(), &[], rows);
        }
        Block::Code(code) => {
            let fence = "`".repeat(longest_run(code).max(2) + 1);
            *out += &format!("{fence}\n{code}\n{fence}\n");
        }
        Block::Graph(graph) => *out += &mermaid(graph),
    }
}

/// A graph as a Mermaid diagram, without the nodes that have no edges.
fn mermaid(graph: &Graph) -> String {
    let mut out = "```mermaid\ngraph LR\n".to_owned();
    for (i, node) in graph.nodes.iter().enumerate() {
        if !graph.edges.iter().any(|(from, to)| *from == i || *to == i) {
            continue;
        }
        let name = node.name.replace('"', "#quot;");
        out += &match node.kind {
            NodeKind::Field => format!("  n{i}[\"{name}\"]\n"),
            NodeKind::Rule => format!("  n{i}([\"{name}\"])\n"),
        };
    }
    graph.edges.iter().for_each(|(from, to)| out += &format!("  n{from} --> n{to}\n"));
    out + "```\n"
}

/// A table of plain texts. A cell that begins with a backtick is taken as Markdown.
pub fn table(heading: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let cell = |cell: &String| if cell.starts_with('`') { cell.clone() } else { escaped(cell) };
    let head = heading.iter().map(|h| escaped(h)).collect();
    markdown_table(head, &[], rows.map(|row| row.iter().map(cell).collect()))
}

/// A table whose cells are Markdown. `right` marks the right-aligned columns.
pub(crate) fn markdown_table(heading: Vec<String>, right: &[bool], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let side = |i: usize| if right.get(i).copied().unwrap_or(false) { "---:|" } else { "---|" };
    let rule = format!("|{}\n", (0..heading.len()).map(side).collect::<String>());
    line(heading) + &rule + &rows.map(line).collect::<String>()
}

/// Escapes a text, except for the names and code between its backticks.
pub fn inline(text: &str, in_table: bool) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    let mut out = String::new();
    for (i, piece) in pieces.iter().enumerate() {
        let closed = i + 1 < pieces.len();
        match i % 2 {
            1 if closed => {
                let code = piece.split_whitespace().collect::<Vec<_>>().join(" ");
                let code = if in_table { code.replace('|', "\\|") } else { code };
                out += &if code.is_empty() { "\\`\\`".to_owned() } else { format!("`{code}`") };
            }
            1 => out += &format!("\\`{}", escaped(piece)),
            _ => out += &escaped(piece),
        }
    }
    out
}

/// Escapes a text for Markdown. Line breaks become `<br>`, which works in tables too.
pub fn escaped(text: &str) -> String {
    let special = |c: char| matches!(c, '|' | '*' | '_' | '`' | '<' | '[' | '\\');
    let escaped = text.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect::<String>();
    escaped.replace("\r\n", "<br>").replace('\n', "<br>")
}

fn longest_run(code: &str) -> usize {
    code.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use accolade_engine::rules::describe::GraphNode;

    #[test]
    fn names_are_code_and_all_else_is_text() {
        let check = |text: &str, in_table: bool, expected: &str| assert_eq!(inline(text, in_table), expected, "{text}");
        check("the sum of `a_b`", false, "the sum of `a_b`");
        check("a*b <img>", false, "a\\*b \\<img>");
        check("`a|b` or a|b", true, "`a\\|b` or a\\|b");
        check("`a|b`", false, "`a|b`");
        check("a lone ` mark", false, "a lone \\` mark");
        check("two\nlines", true, "two<br>lines");
        check("``", false, "\\`\\`");
    }

    #[test]
    fn a_document_has_every_sort_of_block() {
        let graph = Graph {
            nodes: ["a", "b", "alone"].map(|name| GraphNode { name: name.to_owned(), kind: NodeKind::Field }).to_vec(),
            edges: vec![(0, 1)],
        };
        let blocks = vec![
            Block::paragraph("Hello."),
            Block::List(vec!["one".to_owned(), "two".to_owned()]),
            Block::table(&["x"], [vec!["1|2".to_owned()]]),
            Block::Code("a ``` b".to_owned()),
            Block::Graph(graph),
        ];
        let part = DescriptionPart { title: "`p`".to_owned(), blocks, parts: Vec::new() };
        let expected = "# T\n\n## `p`\n\nHello.\n\n- one\n- two\n\n| x |\n|---|\n| 1\\|2 |\n\n````\na ``` b\n````\n\n\
                        ```mermaid\ngraph LR\n  n0[\"a\"]\n  n1[\"b\"]\n  n0 --> n1\n```\n";
        assert_eq!(document(&Description { title: "T".to_owned(), blocks: Vec::new(), parts: vec![part] }), expected);
    }
}
