//! Names and descriptions.

use serde_json::{Value, json};

use super::Edit;
use crate::{
    account,
    patcher::{
        canvas::words::words,
        find::{Among, Wanted, bare},
        refused::Refused,
    },
    plan::model::Binding,
};

/// Words for a name, where the rest says whose.
const NAMES: [&str; 6] = ["name", "title", "label", "caption", "heading", "description"];

/// What is called by a text such as "the label of the Summarise step": what it is, and whose.
pub(super) struct Named<'t> {
    pub(super) description: bool,
    pub(super) whose: &'t str,
}

pub(super) fn named(what: &str) -> Option<Named<'_>> {
    let what = what.trim();
    let lower = what.to_lowercase();
    let rest =
        ["the ", "its ", "this ", "my "].iter().find_map(|article| lower.strip_prefix(article)).unwrap_or(&lower);
    let offset = what.len().checked_sub(rest.len())?;
    for name in NAMES {
        let description = name == "description";
        if let Some(after) = rest.strip_prefix(name) {
            let whose = ["", " of the agent", " of this agent", " of it", " of the workflow"];
            if whose.contains(&after.trim_end()) {
                return Some(Named { description, whose: "" });
            }
            if let Some(start) = [" of ", " for ", " on "].iter().find(|word| after.starts_with(**word)) {
                return Some(Named { description, whose: what.get(offset + name.len() + start.len()..)? });
            }
        }
        // "the agent's name", "the Slack step's title", "the agent name"
        if let Some(before) = rest.strip_suffix(name)
            && before.ends_with(' ')
        {
            let end = offset + before.trim_end().len();
            let whose = what.get(..end)?.trim_end_matches("'s").trim_end_matches("’s");
            return Some(Named { description, whose });
        }
    }
    None
}

impl Edit<'_, '_> {
    pub(super) fn rename(&mut self, what: &str, to: &str) -> Result<(), Refused> {
        // "rename A to B and C to D"
        if let Some((first, second)) = pairs(to) {
            self.rename_one(what, first)?;
            let (what, to) = second;
            return self.rename_one(what, to);
        }
        self.rename_one(what, to)
    }

    fn rename_one(&mut self, what: &str, to: &str) -> Result<(), Refused> {
        let to = in_quotes(to).unwrap_or_else(|| bare(to));
        if to.is_empty() {
            return Err(self.lost(&self.operation.said.clone()));
        }
        if let Some(named) = named(what) {
            if named.description {
                return self.describe(Some(to));
            }
            return self.rename_it(named.whose, to);
        }
        self.rename_it(what, to)
    }

    fn rename_it(&mut self, what: &str, to: &str) -> Result<(), Refused> {
        let wanted = Wanted::of(self.canvas.known, what);
        let name = self.canvas.agent.get("name").and_then(Value::as_str).unwrap_or_default().to_lowercase();
        let by_name = !name.is_empty() && (wanted.exact == name || what.to_lowercase().contains(&name));
        let lower = what.to_lowercase();
        let agent = ["agent", "workflow", "automation"].iter().any(|word| lower.split(' ').any(|said| said == *word));
        if wanted.is_agent() || by_name && agent {
            self.canvas.agent.insert("name".to_owned(), json!(to));
            return Ok(());
        }
        let mut best = self.canvas.best(&wanted, Among::Everything);
        // "the report step" is no output that is called Report.
        if wanted.says_step && best.iter().all(|at| self.canvas.is_door(*at)) {
            let steps = self.canvas.best(&wanted, Among::Working);
            best = if steps.is_empty() { best } else { steps };
        }
        // "name the bot Scribe": an input of a step is called so; "rename" is said of the step itself.
        let anew = self.operation.said.to_lowercase().starts_with("re");
        if !agent && !anew && !wanted.says_step {
            let name = words(self.canvas.known, &format!("{what} name"));
            let fields = self.canvas.fields(&Wanted::of(self.canvas.known, &format!("{what} name")));
            if let [field] = fields.as_slice()
                && !self.canvas.is_door(field.at)
                && (best.len() != 1 || words(self.canvas.known, &field.name) == name)
            {
                return self.put(&field.clone(), to);
            }
        }
        let found = match self.canvas.one_of(best, self.context)? {
            Some(at) => at,
            None if by_name || agent => {
                self.canvas.agent.insert("name".to_owned(), json!(to));
                return Ok(());
            }
            None => return Err(self.canvas.no_step(what)),
        };
        if self.canvas.is_door(found) {
            let same =
                |at: usize| at != found && self.canvas.is_door(at) && self.canvas.value(at, "name") == Some(&json!(to));
            if (0..self.canvas.steps.len()).any(same) {
                return Err(Refused::impossible(format!("There is an input or output called \"{to}\" already.")));
            }
            self.canvas.bind(found, "name", Binding::Value(json!(to)));
            return Ok(());
        }
        self.canvas.rename(found, to);
        Ok(())
    }

    /// Another description; without a text, one that tells what the agent does.
    pub(super) fn describe(&mut self, text: Option<&str>) -> Result<(), Refused> {
        let text = match text {
            // "to say that it adds leads"
            Some(text) => match bare(text).strip_prefix("that ") {
                Some(clause) => {
                    let mut letters = clause.chars();
                    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
                }
                None => bare(text).to_owned(),
            },
            None => account::told(&*self.canvas.known.catalogue, &self.canvas.clone().into_agent()),
        };
        self.canvas.agent.insert("description".to_owned(), json!(text));
        Ok(())
    }
}

/// The name in quotation marks that a text begins with: what follows ("from now on") is no part of it.
fn in_quotes(text: &str) -> Option<&str> {
    let text = text.trim();
    let open = text.chars().next()?;
    let close = match open {
        '"' | '\'' | '`' => open,
        '“' => '”',
        '‘' => '’',
        _ => return None,
    };
    let rest = text.get(open.len_utf8()..)?;
    let ends = |at: usize| {
        let after = rest.get(at + close.len_utf8()..).and_then(|after| after.chars().next());
        after.is_none_or(|next| !next.is_alphanumeric())
    };
    let (end, _) = rest.match_indices(close).find(|(at, _)| ends(*at))?;
    rest.get(..end)
}

/// "'Notify team' and 'Send e-mail' to 'Mail minutes'": a second renaming in the name of the first.
fn pairs(to: &str) -> Option<(&str, (&str, &str))> {
    let close = |open: char| match open {
        '“' => '”',
        '‘' => '’',
        other => other,
    };
    let to = to.trim();
    let open = to.chars().next().filter(|c| matches!(c, '"' | '“' | '\'' | '‘' | '`'))?;
    let end = to.char_indices().skip(1).find(|(at, c)| {
        *c == close(open) && to.get(at + c.len_utf8()..).is_some_and(|rest| rest.trim_start().starts_with("and "))
    })?;
    let split = end.0 + end.1.len_utf8();
    let (first, rest) = (to.get(..split)?, to.get(split..)?.trim_start().strip_prefix("and ")?);
    let (what, name) = rest.rsplit_once(" to ")?;
    Some((first, (what.trim_start_matches("rename ").trim(), name)))
}
