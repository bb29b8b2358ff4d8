//! The language server as an editor meets it: a process that speaks JSON-RPC.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::time::Instant;

use serde_json::{Value, json};

use crate::support::Cli;

const SHOP: &str = "\
accolade: 1
name: shop
as_of: 2026-01-01
sources:
  customers:
    file: customers.csv
    key: id
    columns: {id: text, city: text}
  orders:
    file: orders.csv
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
";

/// A server and a folder of its own.
struct Editor {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    folder: tempfile::TempDir,
    id: i64,
    /// The notifications of the server.
    said: Vec<Value>,
}

impl Editor {
    fn start() -> Editor {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("customers.csv"), "id,city\na,Gent\nb,Breda\n").unwrap();
        std::fs::write(folder.path().join("orders.csv"), "id,day,amount\na,2025-05-01,90\nb,2025-06-01,10\n").unwrap();
        let mut child = Cli::new(&folder)
            .args(["lsp"])
            .command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut editor = Editor { child, input, output, folder, id: 0, said: Vec::new() };
        let answer = editor.ask("initialize", json!({"processId": null, "rootUri": null, "capabilities": {}}));
        assert_eq!(answer["capabilities"]["positionEncoding"], "utf-16");
        editor.tell("initialized", json!({}));
        editor
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn uri(&self, name: &str) -> String {
        format!("file://{}", self.path(name).display())
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the server is gone");
            match line.trim().strip_prefix("Content-Length: ") {
                Some(number) => length = number.parse().unwrap(),
                None if line.trim().is_empty() => break,
                None => {}
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    /// The whole answer to a request.
    fn answer(&mut self, method: &str, params: Value) -> Value {
        self.id += 1;
        let (id, started) = (self.id, Instant::now());
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let message = self.receive();
            if message["id"] == json!(id) && message.get("method").is_none() {
                eprintln!("{method}: {:.1} ms", started.elapsed().as_secs_f64() * 1000.0);
                return message;
            }
            self.said.push(message);
        }
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        let answer = self.answer(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// Opens a document that is on disk too. Returns its findings.
    fn open(&mut self, name: &str, text: &str) -> Vec<Value> {
        std::fs::write(self.path(name), text).unwrap();
        let uri = self.uri(name);
        let document = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}));
        self.published(name)
    }

    fn change(&mut self, name: &str, text: &str) {
        let document = json!({"uri": self.uri(name), "version": 2});
        self.tell("textDocument/didChange", json!({"textDocument": document, "contentChanges": [{"text": text}]}));
    }

    /// The next findings of a file.
    fn published(&mut self, name: &str) -> Vec<Value> {
        let uri = self.uri(name);
        let of_file = |message: &Value| {
            message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == json!(uri)
        };
        loop {
            if let Some(at) = self.said.iter().position(of_file) {
                return self.said.remove(at)["params"]["diagnostics"].as_array().unwrap().clone();
            }
            let message = self.receive();
            self.said.push(message);
        }
    }

    /// The parameters of a request at the place of `part` in a text, `into` bytes into it.
    fn at(&self, name: &str, text: &str, part: &str, into: usize) -> Value {
        let offset = text.find(part).unwrap() + into;
        let line = text[..offset].matches('\n').count();
        let character = offset - text[..offset].rfind('\n').map_or(0, |at| at + 1);
        json!({"textDocument": {"uri": self.uri(name)}, "position": {"line": line, "character": character}})
    }

    fn end(mut self) {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        assert!(self.child.wait().unwrap().success());
    }
}

fn with(mut params: Value, key: &str, value: Value) -> Value {
    params[key] = value;
    params
}

/// A text after the edits of one file, which must be in order.
fn edited(text: &str, edits: &[Value]) -> String {
    let mut text = text.to_owned();
    let offset = |text: &str, position: &Value| {
        let line = usize::try_from(position["line"].as_u64().unwrap()).unwrap();
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        start + usize::try_from(position["character"].as_u64().unwrap()).unwrap()
    };
    for edit in edits.iter().rev() {
        let range = offset(&text, &edit["range"]["start"])..offset(&text, &edit["range"]["end"]);
        text.replace_range(range, edit["newText"].as_str().unwrap());
    }
    text
}

#[test]
fn a_session_from_first_look_to_goodbye() {
    let mut editor = Editor::start();
    assert_eq!(editor.open("rules.yaml", SHOP), Vec::<Value>::new());

    let broken = SHOP.replace("by: revenue", "by: revenu");
    editor.change("rules.yaml", &broken);
    let found = editor.published("rules.yaml");
    assert_eq!(found[0]["code"], "E0301", "{found:?}");
    assert!(found[0]["message"].as_str().unwrap().contains("help: did you mean `revenue`?"), "{found:?}");

    let place = editor.at("rules.yaml", &broken, "revenu\n", 2);
    let range = json!({"start": place["position"], "end": place["position"]});
    let asked = json!({"textDocument": place["textDocument"], "range": range, "context": {"diagnostics": []}});
    let actions = editor.ask("textDocument/codeAction", asked);
    assert_eq!(actions[0]["title"], "replace with `revenue`", "{actions}");
    let edits = actions[0]["edit"]["documentChanges"][0]["edits"].as_array().unwrap();
    assert_eq!(edited(&broken, edits), SHOP);

    let half = SHOP.replace("by: revenue\n", "by: revenue\n    ¦\n").replace('¦', "");
    editor.change("rules.yaml", &half);
    let keys = editor.at("rules.yaml", &half, "by: revenue\n    ", 16);
    let items = editor.ask("textDocument/completion", keys);
    let labels: Vec<&str> = items.as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap()).collect();
    assert!(labels.contains(&"none") && !labels.contains(&"by"), "{labels:?}");

    editor.change("rules.yaml", SHOP);
    let hover = editor.ask("textDocument/hover", editor.at("rules.yaml", SHOP, "of revenue", 4));
    let shown = hover["contents"]["value"].as_str().unwrap();
    assert!(shown.contains("field `revenue`: money") && shown.contains("sum(orders.amount in year)"), "{shown}");
    let hover = editor.ask("textDocument/hover", editor.at("rules.yaml", SHOP, "in year)", 4));
    assert!(hover["contents"]["value"].as_str().unwrap().contains("2025-01-02 to 2026-01-01"), "{hover}");

    let definition = editor.ask("textDocument/definition", editor.at("rules.yaml", SHOP, "by: revenue", 6));
    let line = SHOP.lines().position(|line| line.contains("revenue: sum")).unwrap();
    assert_eq!(definition[0]["range"]["start"], json!({"line": line, "character": 4}));

    let place = editor.at("rules.yaml", SHOP, "by: revenue", 6);
    let references =
        editor.ask("textDocument/references", with(place.clone(), "context", json!({"includeDeclaration": true})));
    assert_eq!(references.as_array().unwrap().len(), 3);
    assert_eq!(editor.ask("textDocument/prepareRename", place.clone())["placeholder"], "revenue");
    let change = editor.ask("textDocument/rename", with(place.clone(), "newName", json!("sales")));
    let edits = change["documentChanges"][0]["edits"].as_array().unwrap();
    assert_eq!(edited(SHOP, edits), SHOP.replace("revenue", "sales"));
    let refused = editor.answer("textDocument/rename", with(place, "newName", json!("city")));
    assert!(refused["error"]["message"].as_str().unwrap().contains("`city` is defined twice"), "{refused}");

    let document = json!({"textDocument": {"uri": editor.uri("rules.yaml")}});
    let outline = editor.ask("textDocument/documentSymbol", document);
    assert_eq!(outline.as_array().unwrap().len(), 4, "{outline}");

    let loose =
        SHOP.replace("by: revenue", "by:   'revenue'  # ours").replace("(orders.amount in", "( orders.amount  in");
    editor.change("rules.yaml", &loose);
    let format =
        json!({"textDocument": {"uri": editor.uri("rules.yaml")}, "options": {"tabSize": 2, "insertSpaces": true}});
    let edits = editor.ask("textDocument/formatting", format.clone());
    assert_eq!(edited(&loose, edits.as_array().unwrap()), SHOP.replace("by: revenue", "by: revenue  # ours"));
    editor.change("rules.yaml", &loose.replace("kind: abc", "kind: [abc"));
    assert_eq!(editor.ask("textDocument/formatting", format), Value::Null);
    editor.end();
}

#[test]
fn a_label_shows_where_it_begins_in_the_data() {
    let mut editor = Editor::start();
    editor.open("rules.yaml", SHOP);
    let place = editor.at("rules.yaml", SHOP, "{A: top", 1);
    let started = Instant::now();
    loop {
        let hover = editor.ask("textDocument/hover", place.clone());
        let shown = hover["contents"]["value"].as_str().unwrap().to_owned();
        if shown.contains("begins at 90, from 2 customers at 2026-01-01") {
            break;
        }
        assert!(started.elapsed().as_secs() < 60, "{shown}");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    editor.end();
}

#[test]
fn findings_of_included_files_and_scripts_are_theirs_and_go_away() {
    let mut editor = Editor::start();
    std::fs::create_dir(editor.path("scripts")).unwrap();
    std::fs::write(editor.path("scripts/fit.rhai"), "revenu / 10\n").unwrap();
    std::fs::write(editor.path("base.yaml"), SHOP.replace("by: revenue", "by: revenu")).unwrap();
    let rules = "accolade: 1\ninclude: [base.yaml]\nrules:\n  score:\n    kind: rating\n    scale: 0..10\n    missing: zero\n\
                 \x20   criteria: {fit: {weight: 100%, script: scripts/fit.rhai}}\n";
    assert_eq!(editor.open("rules.yaml", rules), Vec::<Value>::new());
    assert_eq!(editor.published("base.yaml")[0]["code"], "E0301");
    assert_eq!(editor.published("scripts/fit.rhai")[0]["code"], "E0603");
    editor.open("base.yaml", SHOP);
    editor.published("scripts/fit.rhai");
    editor.open("scripts/fit.rhai", "if revenue > 10 { 5 } else { 1 }\n");
    assert_eq!(editor.published("base.yaml"), Vec::<Value>::new());
    editor.end();
}

#[test]
fn a_test_file_is_read_as_one() {
    let mut editor = Editor::start();
    std::fs::write(editor.path("rules.yaml"), SHOP).unwrap();
    let found = editor.open("tests.yaml", "rules: rules.yaml\ncases:\n  one:\n    gven: {}\n    expect: {}\n");
    let codes: Vec<&str> = found.iter().map(|finding| finding["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["E0803", "E0101"], "{found:?}");
    // What the rules define is known in their tests.
    let cases = "rules: rules.yaml\ncases:\n  one:\n    expect:\n      customers:\n        K1: {revenue: 5}\n";
    editor.change("tests.yaml", cases);
    let hover = editor.ask("textDocument/hover", editor.at("tests.yaml", cases, "revenue", 1));
    assert!(hover["contents"]["value"].as_str().unwrap().contains("field `revenue`: money"), "{hover}");
    let definition = editor.ask("textDocument/definition", editor.at("tests.yaml", cases, "revenue", 1));
    assert_eq!(definition[0]["uri"], json!(editor.uri("rules.yaml")));
    let place = with(editor.at("tests.yaml", cases, "revenue", 1), "newName", json!("sales"));
    let changes = editor.ask("textDocument/rename", place)["documentChanges"].as_array().unwrap().clone();
    assert_eq!(changes.len(), 2, "{changes:?}");
    editor.end();
}

#[test]
fn what_is_not_understood_is_answered_and_does_not_end_the_session() {
    let mut editor = Editor::start();
    let unknown = editor.answer("textDocument/somethingElse", json!({}));
    assert_eq!(unknown["error"]["code"], -32601);
    let malformed = editor.answer("textDocument/hover", json!({"textDocument": 5}));
    assert_eq!(malformed["error"]["code"], -32602);
    editor.tell("textDocument/didOpen", json!({"nothing": true}));
    let nowhere = json!({"textDocument": {"uri": "untitled:x"}, "position": {"line": 0, "character": 0}});
    assert_eq!(editor.ask("textDocument/hover", nowhere), Value::Null);
    editor.end();
}

/// The rule file of a page's example, and other files it shows.
fn example(page: &str) -> Option<(String, Vec<(String, String)>)> {
    let example = page.split("\n## Mended\n").next()?;
    let (mut rules, mut others) = (None, Vec::new());
    let mut fences = example.split("\n```");
    fences.next();
    while let Some(block) = fences.next() {
        fences.next();
        let (info, text) = block.split_once('\n')?;
        match info.split_once("file=") {
            Some((_, name)) => others.push((name.to_owned(), format!("{text}\n"))),
            None if info == "yaml" && rules.is_none() => rules = Some(format!("{text}\n")),
            None => {}
        }
    }
    Some((rules?, others))
}

#[test]
fn every_help_text_of_the_examples_has_an_action_and_fixes_fix() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/diagnostics");
    let mut editor = Editor::start();
    let (mut helped, mut mended) = (0, 0);
    for code in accolade_parser::code::CODES.iter().map(|(code, _)| code.id()) {
        let page = std::fs::read_to_string(pages.join(format!("{code}.md"))).unwrap();
        let Some((rules, others)) = example(&page).filter(|(rules, _)| !rules.contains("\\xff")) else { continue };
        for (name, text) in others.iter().filter(|(name, _)| !name.contains("..")) {
            let path = editor.path(&format!("{code}/{name}"));
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        std::fs::create_dir_all(editor.path(code)).unwrap();
        let name = format!("{code}/rules.yaml");
        for finding in editor.open(&name, &rules) {
            let message = finding["message"].as_str().unwrap();
            if !message.contains("\nhelp: ") {
                continue;
            }
            helped += 1;
            let uri = editor.uri(&name);
            let asked =
                json!({"textDocument": {"uri": uri}, "range": finding["range"], "context": {"diagnostics": [finding]}});
            let actions = editor.ask("textDocument/codeAction", asked);
            let of_finding = |action: &&Value| action["diagnostics"][0]["message"] == finding["message"];
            let own: Vec<&Value> = actions.as_array().unwrap().iter().filter(of_finding).collect();
            assert!(!own.is_empty(), "{code}: {message} has no action: {actions}");
            let Some(edit) = own.iter().find_map(|action| action["edit"]["documentChanges"][0].as_object()) else {
                continue;
            };
            mended += 1;
            assert_eq!(edit["textDocument"]["uri"], json!(uri));
            let after = edited(&rules, edit["edits"].as_array().unwrap());
            let found = editor.open(&name, &after);
            assert!(
                found.iter().all(|f| f["message"] != finding["message"]),
                "{code}: {message} is still there:\n{after}"
            );
            let syntax = |f: &&Value| f["code"].as_str().unwrap().starts_with("E00");
            assert!(!found.iter().any(|f| syntax(&f)), "{code}: {after}");
            editor.open(&name, &rules);
        }
        let uri = editor.uri(&name);
        editor.tell("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    }
    assert!(helped >= 30 && mended >= 7, "{helped} findings with help, {mended} of them mended");
    editor.end();
}

#[test]
fn the_page_of_a_code_is_shown() {
    let mut editor = Editor::start();
    let asked = json!({"command": "accolade.explainCode", "arguments": ["e0501"]});
    editor.ask("workspace/executeCommand", asked);
    let shown = editor.said.iter().find(|message| message["method"] == "window/showMessage").expect("a message");
    assert!(shown["params"]["message"].as_str().unwrap().starts_with("# E0501"), "{shown}");
    let unknown =
        editor.answer("workspace/executeCommand", json!({"command": "accolade.explainCode", "arguments": ["E9"]}));
    assert!(unknown["error"]["message"].as_str().unwrap().contains("no code `E9`"), "{unknown}");
    editor.end();
}
