//! How a language model is told what to do. Placeholders never go.

use serde_json::json;

use super::{Edit, change::same_type};
use crate::{
    knowledge::Class,
    patcher::{
        canvas::words::{alike, words},
        find::{Among, Field, Wanted, bare, contains},
        refused::Refused,
        wish::TABLES,
    },
    plan::model::Binding,
    text::shortened,
};

impl Edit<'_, '_> {
    /// A new prompt; the placeholders of the old one stay behind it.
    pub(super) fn put_prompt(&mut self, field: &Field, to: &str) -> Result<(), Refused> {
        let to = bare(to.trim_start_matches([':', ' ']));
        let old =
            self.canvas.value(field.at, &field.name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        let kept: Vec<&str> = places(&old).into_iter().filter(|place| !to.contains(place)).collect();
        let tail: String = kept.iter().map(|place| format!("\n\n{place}")).collect();
        self.canvas.bind(field.at, &field.name, Binding::Value(json!(format!("{to}{tail}"))));
        Ok(())
    }

    /// A remark about what a language model writes goes into its prompt.
    pub(super) fn say(&mut self, text: &str) -> Result<(), Refused> {
        if self.operation.told || !TABLES.is_manner(text) && !TABLES.measures(text) {
            return Err(self.lost(text));
        }
        // "Find overdue rows should also …": a step that has no prompt.
        let subject = text.split_once(" should ").map(|(subject, _)| Wanted::of(self.canvas.known, subject));
        let other = |wanted: Wanted| {
            let titled = |at: &usize| self.canvas.title(*at).to_lowercase() == wanted.exact;
            self.canvas.working().iter().any(|at| titled(at) && !self.canvas.thinks(*at))
        };
        if subject.is_some_and(other) {
            return Err(self.lost(text));
        }
        let thinking: Vec<usize> =
            self.canvas.working().into_iter().filter(|at| self.canvas.thinks(*at) && self.prompted(*at)).collect();
        let known = self.canvas.known;
        let said = words(known, text);
        let shared = |at: &usize| -> u32 {
            let mut names = words(known, &self.canvas.title(*at));
            let field = self.prompt_field(*at);
            let prompt = field
                .as_ref()
                .and_then(|field| self.canvas.value(field.at, &field.name))
                .and_then(|value| value.as_str());
            names.extend(prompt.into_iter().flat_map(|prompt| words(known, &shortened(prompt, 2_000))));
            let generic = |word: &&String| !matches!(word.as_str(), "write" | "text" | "use" | "make" | "say");
            said.iter().filter(generic).map(|word| names.iter().map(|name| alike(word, name)).max().unwrap_or(0)).sum()
        };
        // "give it a body": whose input that would be shows only by its name.
        let most = thinking.iter().map(shared).max().unwrap_or(0);
        let meant: Vec<usize> = thinking.iter().copied().filter(|at| shared(at) == most).collect();
        match meant.as_slice() {
            [at] if most > 0 || thinking.len() == 1 => self.say_to(*at, text),
            [] => Err(self.lost(text)),
            // What is measured in words is written, not drawn.
            several
                if TABLES.measures(text)
                    && let [at] = *several.iter().copied().filter(|at| self.writes(*at)).collect::<Vec<_>>() =>
            {
                self.say_to(at, text)
            }
            // A translation follows the text that it translates.
            several
                if let [at] = *several
                    .iter()
                    .copied()
                    .filter(|at| !self.canvas.title(*at).to_lowercase().starts_with("translat"))
                    .collect::<Vec<_>>() =>
            {
                self.say_to(at, text)
            }
            several => match self.canvas.one_of(several.to_vec(), self.context)? {
                Some(at) => self.say_to(at, text),
                None => Err(self.lost(text)),
            },
        }
    }

    pub(super) fn say_or_lose(&mut self, text: &str) -> Result<(), Refused> {
        self.say(text)
    }

    /// The remark as a sentence of the prompt of a step, before what is filled in.
    pub(super) fn say_to(&mut self, at: usize, text: &str) -> Result<(), Refused> {
        let Some(field) = self.prompt_field(at) else { return Err(self.lost(text)) };
        if self.is_structural(text) {
            return Err(self.lost(text));
        }
        // "Send it to boss@example.com"
        let first = text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
        if self.other_place(text) && self.canvas.known.is(&first.to_lowercase(), Class::Tell) {
            return Err(Refused::unsupported(format!(
                "{} only writes: a sentence in its prompt sends nothing to anybody.",
                self.canvas.title(at)
            )));
        }
        // "in bullet points" is a style that the step has, no topic.
        if field.name == "focus"
            && let Some((field, value)) = self.style_said(at, text)
        {
            return self.put_value(&field, value);
        }
        // The question comes from elsewhere: how it is answered is told beside it.
        let field = if self.canvas.links_into(at).any(|link| link.input == field.name) {
            let beside = |name: &String| matches!(name.as_str(), "system_prompt" | "sys_prompt");
            match self.canvas.inputs_of(at).into_iter().find(beside) {
                Some(name) if !self.canvas.links_into(at).any(|link| link.input == name) => Field { at, name },
                _ => {
                    let title = self.canvas.title(at);
                    return Err(Refused::unsupported(format!(
                        "`{}` of {title} is what another step gives.",
                        field.name
                    )));
                }
            }
        } else {
            field
        };
        let sentence = sentence(&TABLES.mended(text));
        let old =
            self.canvas.value(field.at, &field.name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        if contains(&old, &sentence) {
            return Ok(());
        }
        let new = match places(&old).first().and_then(|place| old.find(place)) {
            Some(first) => {
                let line = old.get(..first).and_then(|before| before.rfind("\n\n"));
                match line {
                    // "Write an answer to this post:" leads to the post.
                    Some(end) if old.get(..end).is_some_and(|head| head.trim_end().ends_with(':')) => {
                        format!("{sentence} {old}")
                    }
                    Some(end) => format!(
                        "{} {sentence}{}",
                        old.get(..end).unwrap_or_default(),
                        old.get(end..).unwrap_or_default()
                    ),
                    None => format!("{old}\n\n{sentence}"),
                }
            }
            None if old.is_empty() || field.name == "focus" && old == "general information" => {
                sentence.trim_end_matches('.').to_owned()
            }
            None if old.trim_end().ends_with(['.', '!', '?', ':']) => format!("{} {sentence}", old.trim_end()),
            None => format!("{}. {sentence}", old.trim_end()),
        };
        self.canvas.bind(field.at, &field.name, Binding::Value(json!(new)));
        Ok(())
    }

    /// Whether a clause is about what the agent does and with what, not about the text that a step writes.
    fn is_structural(&self, text: &str) -> bool {
        let lower = text.trim().to_lowercase().replace('’', "'");
        let wishes = [
            "no need",
            "no longer",
            "i'd ",
            "i want ",
            "i just want ",
            "i don't ",
            "i do not ",
            "i need ",
            "swap ",
            "there's no need",
            "there is no need",
            "switch the order",
            "stop ",
        ];
        let doors =
            ["as output", "as an output", "as the output", "as input", "as an input", "any longer", "the order of"];
        let asks = wishes.iter().any(|opener| lower.starts_with(opener));
        let elsewhere = self.service_in(text).is_some() || self.other_place(text);
        let speaks = [
            "mention", "include", "say", "write", "sign", "quote", "refer", "address", "end", "begin", "sound", "like",
        ]
        .iter()
        .any(|verb| lower.split(|c: char| !c.is_alphanumeric()).any(|word| word == *verb));
        doors.iter().any(|words| lower.contains(words))
            || ["do this ", "do it ", "do the same", "repeat "].iter().any(|opener| lower.starts_with(opener))
            || asks && (elsewhere || !TABLES.is_manner(text))
            || self.other_place(text) && !speaks
    }

    /// What a step is told by: its prompt, not a condition.
    pub(super) fn prompt_field(&self, at: usize) -> Option<Field> {
        let name = self.canvas.prompt_of(self.canvas.block(at)?)?;
        Some(Field { at, name: name.to_owned() })
    }

    fn prompted(&self, at: usize) -> bool {
        self.prompt_field(at).is_some_and(|field| field.name != "condition")
    }

    /// Words that stand in prompts, templates and texts become others. Whether they stood anywhere.
    pub(super) fn reword(&mut self, scope: &str, old: &str, new: &str) -> bool {
        let (old, new) = (bare(old), bare(new));
        if old.chars().count() > 200 {
            return false;
        }
        let wanted = Wanted::of(self.canvas.known, scope);
        let steps =
            if wanted.is_empty() { self.canvas.order().to_vec() } else { self.canvas.best(&wanted, Among::Working) };
        let mut found = false;
        for at in steps {
            for holder in self.canvas.holders(at) {
                let declared = self.canvas.is_door(holder.at) && holder.name != "value";
                let Some(text) = holder.value.as_str().filter(|_| !declared) else { continue };
                let Some(fresh) = replaced(text, old, new) else { continue };
                // A part of an address: what comes is no address.
                if same_type(text, text) && !same_type(text, &fresh) {
                    continue;
                }
                self.canvas.bind(holder.at, &holder.name, Binding::Value(json!(fresh)));
                found = true;
            }
        }
        found
    }
}

/// A text with words of it put in place of others, placeholders untouched; `None` where they do not stand in it.
pub(super) fn replaced(text: &str, old: &str, new: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut found = false;
    while let Some(span) = crate::patcher::find::position(rest, old) {
        let before = rest.get(..span.start)?;
        let inside = before.rfind("{{").is_some_and(|open| !before.get(open..).unwrap_or_default().contains("}}"));
        out.push_str(before);
        if inside {
            out.push_str(rest.get(span.clone())?);
        } else {
            out.push_str(new);
            found = true;
        }
        rest = rest.get(span.end..)?;
    }
    out.push_str(rest);
    found.then_some(out)
}

/// The placeholders of a prompt: `{{topic}}`.
fn places(prompt: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut from = 0;
    while let Some(open) = prompt.get(from..).and_then(|rest| rest.find("{{")).map(|at| at + from) {
        let Some(close) = prompt.get(open..).and_then(|rest| rest.find("}}")).map(|at| at + open + 2) else { break };
        all.extend(prompt.get(open..close));
        from = close;
    }
    all
}

/// A remark as a sentence.
fn sentence(text: &str) -> String {
    let text = text.trim().trim_end_matches(['.', ',', ';']);
    let text = ["please ", "also, ", "and "]
        .iter()
        .fold(text, |text, word| text.strip_prefix(word).unwrap_or(text))
        .trim_end_matches(" too");
    let mut letters = text.chars();
    let capital: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    format!("{capital}.")
}
