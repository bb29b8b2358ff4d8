//! The questions of `init --interactive`, with the guesses as default answers.

use std::io::{self, IsTerminal};

use accolade_engine::Type;
use accolade_init::{FileRole, InferredTable, Plan, Question};
use dialoguer::{Input, Select};

use crate::exit::Failure;
use crate::progress;
use crate::terminal::visible;

/// Fails when there is no terminal to ask questions on.
pub(super) fn require_terminal() -> Result<(), Failure> {
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        return Ok(());
    }
    Err(Failure::Message(
        "`--interactive` asks questions on a terminal, and this is none; without it the guesses are taken".to_owned(),
    ))
}

/// Asks for what is in doubt, the amount first.
pub(super) fn ask(plan: &mut Plan) -> Result<(), Failure> {
    let questions = plan.questions();
    if questions.is_empty() {
        return Ok(progress::note("nothing is in doubt")?);
    }
    let (mut amount, mut day) = (None, None);
    for question in questions {
        match question {
            Question::Amount { table, columns } => {
                let prompt = "Which column is what the customer pays?";
                amount = Some((table, column(&plan.tables[table], prompt, &columns, None)?));
            }
            Question::File { table } => plan.roles[table] = role(plan, table)?,
            Question::Customer { table, columns } => {
                let customer = column(&plan.tables[table], "Which column names the customer?", &columns, None)?;
                let date = plan.guess_date(table, customer);
                plan.roles[table] = FileRole::Events { customer, date };
            }
            Question::Date { table, columns } => {
                let chosen = column(&plan.tables[table], "Which column says when it happened?", &columns, None)?;
                if let FileRole::Events { date, .. } = &mut plan.roles[table] {
                    *date = Some(chosen);
                }
            }
            Question::AsOf { reason } => day = Some(as_of(plan, &reason)?),
        }
    }
    plan.derive();
    if let Some(day) = day {
        plan.set_as_of(&day).map_err(Failure::Message)?;
    }
    if let Some((table, chosen)) = amount.filter(|(table, _)| plan.subjects.orders == Some(*table)) {
        plan.set_amount(table, chosen);
    }
    Ok(())
}

/// Asks for the date to rate at.
fn as_of(plan: &Plan, reason: &str) -> Result<String, Failure> {
    Input::new()
        .with_prompt(format!("The date to rate at ({})", visible(reason)))
        .default(plan.as_of_text())
        .validate_with(|text: &String| plan.clone().set_as_of(text))
        .interact_text()
        .map_err(unanswered)
}

fn unanswered(error: dialoguer::Error) -> Failure {
    let dialoguer::Error::IO(error) = error;
    Failure::Message(format!("a question was not answered: {error}"))
}

/// Asks for one of `items`. Returns its index.
fn select(prompt: &str, items: &[String], guess: usize) -> Result<usize, Failure> {
    let items = items.iter().map(|item| visible(item));
    Select::new().with_prompt(visible(prompt)).items(items).default(guess).interact().map_err(unanswered)
}

/// Asks for one of the fitting columns. Returns its index in the table.
fn column(table: &InferredTable, prompt: &str, fitting: &[usize], guess: Option<usize>) -> Result<usize, Failure> {
    let name = |i: &usize| format!("{} ({})", table.columns[*i].header, table.columns[*i].declaration());
    let items: Vec<String> = fitting.iter().map(name).collect();
    let guess = guess.and_then(|guess| fitting.iter().position(|i| *i == guess)).unwrap_or(0);
    Ok(fitting[select(prompt, &items, guess)?])
}

fn role(plan: &Plan, index: usize) -> Result<FileRole, Failure> {
    let table = &plan.tables[index];
    let guess = &plan.roles[index];
    let fitting = |fits: &dyn Fn(usize) -> bool| (0..table.columns.len()).filter(|i| fits(*i)).collect::<Vec<_>>();
    let keys = fitting(&|i| table.columns[i].is_key());
    let names = fitting(&|i| matches!(table.columns[i].ty, Type::Text | Type::Integer));
    // The possible roles of the file, and whether each is the guess.
    let mut kinds = Vec::new();
    if !keys.is_empty() {
        kinds.push(("customers, one row each", matches!(guess, FileRole::Customers { .. })));
    }
    if !names.is_empty() {
        kinds.push(("events of customers, such as orders", matches!(guess, FileRole::Events { .. })));
    }
    kinds.push(("something else; leave it out", matches!(guess, FileRole::Unused(_))));
    let items: Vec<String> = kinds.iter().map(|(name, _)| (*name).to_owned()).collect();
    let place = kinds.iter().position(|(_, guessed)| *guessed).unwrap_or(0);
    let file = table.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let chosen = select(&format!("What is {file}?"), &items, place)?;
    if kinds[chosen].0.starts_with("customers") {
        let guess = if let FileRole::Customers { key } = guess { Some(*key) } else { None };
        return Ok(FileRole::Customers { key: column(table, "Which column tells customers apart?", &keys, guess)? });
    }
    if !kinds[chosen].0.starts_with("events") {
        return Ok(FileRole::Unused("left out when asked".to_owned()));
    }
    let (of, on) =
        if let FileRole::Events { customer, date } = guess { (Some(*customer), *date) } else { (None, None) };
    let customer = column(table, "Which column names the customer?", &names, of)?;
    let dates = fitting(&|i| table.columns[i].is_date());
    let date = match dates.as_slice() {
        [] => None,
        dates => {
            Some(column(table, "Which column says when it happened?", dates, on.or(plan.guess_date(index, customer)))?)
        }
    };
    Ok(FileRole::Events { customer, date })
}
