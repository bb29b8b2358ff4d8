//! The description of the rule set: headings, paragraphs, lists and tables.

use accolade_engine::rules::describe::{Block, Description, DescriptionPart, TextTable};

use super::escape::escaped;

/// A description. Each of its parts can be folded away.
pub(super) fn document(document: &Description) -> String {
    let head: String = document.blocks.iter().map(|one| block(one, &document.title)).collect();
    head + &document.parts.iter().map(folding_part).collect::<String>()
}

fn folding_part(part: &DescriptionPart) -> String {
    let title = inline(&part.title);
    format!(
        "<details class=\"words\" open>\n<summary><h3>{title}</h3></summary>\n{}{}</details>\n",
        blocks(part),
        part.parts.iter().map(|part| nested_part(part, 4)).collect::<String>()
    )
}

fn nested_part(part: &DescriptionPart, level: usize) -> String {
    let (title, level) = (inline(&part.title), level.min(6));
    let parts: String = part.parts.iter().map(|part| nested_part(part, level + 1)).collect();
    format!("<h{level}>{title}</h{level}>\n{}{parts}", blocks(part))
}

fn blocks(part: &DescriptionPart) -> String {
    part.blocks.iter().map(|one| block(one, &part.title)).collect()
}

/// A block of the part called `title`.
fn block(block: &Block, title: &str) -> String {
    match block {
        Block::Paragraph(text) => format!("<p>{}</p>\n", inline(text)),
        Block::List(items) => {
            let items: String = items.iter().map(|item| format!("<li>{}</li>\n", inline(item))).collect();
            format!("<ul>\n{items}</ul>\n")
        }
        Block::Table(of) => table(of, title),
        Block::Code(code) => format!("<pre tabindex=\"0\">{}</pre>\n", escaped(code)),
        // The table below it holds the same; a drawing of thirty connected fields is hard to read.
        Block::Graph(_) => String::new(),
    }
}

fn table(table: &TextTable, title: &str) -> String {
    let heads: String =
        table.columns.iter().map(|column| format!("<th scope=\"col\">{}</th>", inline(column))).collect();
    let row = |row: &Vec<String>| {
        let cell = |(i, text): (usize, &String)| match i {
            0 => format!("<th scope=\"row\">{}</th>", inline(text)),
            _ => format!("<td>{}</td>", inline(text)),
        };
        format!("<tr>{}</tr>\n", row.iter().enumerate().map(cell).collect::<String>())
    };
    let rows: String = table.rows.iter().map(row).collect();
    let name = escaped(&title.replace('`', ""));
    format!(
        "<div class=\"box\" tabindex=\"0\" role=\"region\" aria-label=\"{name}\">\n<table>\n<thead>\n<tr>{heads}</tr>\n\
         </thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
    )
}

/// The HTML of a text in which backticks mark names and code.
fn inline(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    let mark = |(i, piece): (usize, &&str)| match i % 2 {
        1 if i + 1 < pieces.len() => format!("<code>{}</code>", escaped(piece)),
        1 => format!("`{}", escaped(piece)),
        _ => escaped(piece),
    };
    pieces.iter().enumerate().map(mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_code_and_all_else_is_text() {
        let check = |text: &str, expected: &str| assert_eq!(inline(text), expected, "{text}");
        check("the sum of `a_b`", "the sum of <code>a_b</code>");
        check("`<b>` and <b>", "<code>&lt;b&gt;</code> and &lt;b&gt;");
        check("a lone ` mark", "a lone ` mark");
        check("", "");
    }

    #[test]
    fn every_sort_of_block_is_shown_under_its_heading() {
        let blocks = vec![
            Block::paragraph("Hello."),
            Block::List(vec!["one".to_owned()]),
            Block::table(&["x", "y"], [vec!["`1`".to_owned(), "2".to_owned()]]),
            Block::Code("<a>".to_owned()),
        ];
        let small = DescriptionPart::new("`p`", blocks);
        let part = DescriptionPart { title: "Parts".to_owned(), blocks: Vec::new(), parts: vec![small] };
        let shown = document(&Description {
            title: "T".to_owned(),
            blocks: vec![Block::paragraph("First.")],
            parts: vec![part],
        });
        for expected in [
            "<p>First.</p>\n<details class=\"words\" open>\n<summary><h3>Parts</h3></summary>\n<h4><code>p</code></h4>\n",
            "<p>Hello.</p>\n<ul>\n<li>one</li>\n</ul>\n",
            "<tr><th scope=\"col\">x</th><th scope=\"col\">y</th></tr>",
            "<tr><th scope=\"row\"><code>1</code></th><td>2</td></tr>",
            "<pre tabindex=\"0\">&lt;a&gt;</pre>",
        ] {
            assert!(shown.contains(expected), "{expected}\n{shown}");
        }
    }
}
