//! What is asked for in passing: something stays, a text of its own says one thing more, a value is named by a bare word.

use serde_json::{Value, json};

use super::{Edit, value::quoted};
use crate::{
    patcher::{
        find::{Among, Field, Wanted, bare},
        refused::Refused,
        wish::{Act, TABLES},
    },
    plan::model::Binding,
    reading::{self, Value as Typed},
    text::shortened,
};

/// Inputs with a value that is called by its name.
const NAMES: [&str; 10] = [
    "label_name",
    "label",
    "title",
    "status",
    "list_name",
    "project_name",
    "folder_name",
    "tag",
    "category",
    "priority",
];

impl Edit<'_, '_> {
    pub(super) fn spoken_in_passing(&mut self, text: &str) -> Option<Result<(), Refused>> {
        self.checked(text)
            .or_else(|| self.kept(text))
            .or_else(|| self.picked(text))
            .or_else(|| self.facts(text))
            .or_else(|| self.one_text_says(text))
            .or_else(|| self.as_named(text))
            .or_else(|| self.by_its_name(text))
            .or_else(|| self.due_date(text))
            .or_else(|| self.spaced(text))
            .or_else(|| self.only_fields(text))
            .or_else(|| self.only_where(text))
            .or_else(|| self.only_for(text))
            .or_else(|| self.in_language(text))
            .or_else(|| self.in_languages(text))
            .or_else(|| self.comes_from(text))
            .or_else(|| self.of_branch(text))
            .or_else(|| self.made_by(text))
            .or_else(|| self.mentioned(text))
            .or_else(|| self.header_sent(text))
            .or_else(|| self.pictured(text))
            .or_else(|| self.says_now(text))
            .or_else(|| self.routed_too(text))
            .or_else(|| self.not_approved(text))
    }

    /// "keep Slack": a step that is there.
    fn kept(&self, text: &str) -> Option<Result<(), Refused>> {
        let what = text.strip_prefix("keep ")?;
        let wanted = Wanted::of(self.canvas.known, what);
        if wanted.is_agent() || what.split_whitespace().count() > 4 || TABLES.is_manner(what) {
            return None;
        }
        let at = self.canvas.best(&wanted, Among::Working).into_iter().next()?;
        Some(Err(Refused::unsupported(format!("{} stays as it is already.", self.canvas.title(at)))))
    }

    /// "also tell people to bring their blockers": one sentence more of the fixed text that is sent.
    fn one_text_says(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let lower = text.to_lowercase();
        let openers = ["tell ", "remind ", "ask "];
        let rest = openers.iter().find_map(|verb| lower.strip_prefix(verb).and_then(|_| text.get(verb.len()..)))?;
        let (who, what) = rest.split_once(" to ")?;
        let people = ["people", "everyone", "everybody", "them", "the team", "folks", "the channel", "all", "readers"];
        if !people.contains(&who.to_lowercase().as_str()) || self.service_in(text).is_some() || self.other_place(text) {
            return None;
        }
        let mut sends = self.canvas.working();
        sends.retain(|at| self.canvas.delivers(*at));
        let [at] = *sends.as_slice() else { return None };
        let field = self.text_of(at)?;
        let old = self.canvas.value(at, &field.name).and_then(Value::as_str)?.to_owned();
        let yours = format!(" {what} ").replace(" their ", " your ").replace(" they ", " you ");
        let mut letters = yours.trim().trim_end_matches(['.', '!']).chars();
        let more: String = letters.next()?.to_uppercase().chain(letters).collect();
        let stop = if old.trim_end().ends_with(['.', '!', '?', ':']) { "" } else { "." };
        self.canvas.bind(at, &field.name, Binding::Value(json!(format!("{}{stop} {more}.", old.trim_end()))));
        Some(Ok(()))
    }

    /// "label the others as Archive": the name that the one step of this verb has.
    fn as_named(&mut self, text: &str) -> Option<Result<(), Refused>> {
        if self.operation.also || self.operation.place.is_some() {
            return None;
        }
        let (head, name) = text.rsplit_once(" as ").or_else(|| text.rsplit_once(" to "))?;
        let name = bare(name);
        let called = name.starts_with(char::is_uppercase) && name.split_whitespace().count() < 4;
        let verb = head.split_whitespace().next()?.to_lowercase();
        let names = self.canvas.names();
        let mut steps = self.canvas.working();
        steps.retain(|at| names.get(*at).is_some_and(|names| names.titled(&verb)) && self.canvas.delivers(*at));
        let [at] = *steps.as_slice() else { return None };
        let holders = self.canvas.holders(at);
        let mut named =
            holders.iter().filter(|holder| NAMES.contains(&holder.name.as_str()) && holder.value.is_string());
        let holder = named.next().filter(|_| named.next().is_none() && called)?;
        let field = Field { at: holder.at, name: holder.name.clone() };
        Some(self.put(&field, name))
    }

    /// "subject \"Page of the day\"": the input of this name.
    fn by_its_name(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let start = text.find(['"', '“'])?;
        let (name, value) = text.split_at(start);
        let name = ["the ", "its ", "with ", "as "]
            .iter()
            .fold(name.trim(), |name, word| name.strip_prefix(word).unwrap_or(name));
        if !quoted(value) || !(1..3).contains(&name.split_whitespace().count()) {
            return None;
        }
        let fields = self.canvas.fields(&Wanted::of(self.canvas.known, name));
        let [field] = fields.as_slice() else { return None };
        Some(self.change_field(field, name, value))
    }

    /// "due tomorrow": of the one step that has a date.
    fn due_date(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let when = text.strip_prefix("due ")?;
        let dated = |at: &usize| {
            self.canvas
                .inputs_of(*at)
                .iter()
                .any(|name| matches!(name.as_str(), "due_date" | "deadline" | "due" | "due_string"))
        };
        let mut steps = self.canvas.working();
        steps.retain(dated);
        let [at] = *steps.as_slice() else { return None };
        let words = self.canvas.inputs_of(at).into_iter().find(|name| name == "due_string");
        if let Some(name) = words {
            return Some(self.put(&Field { at, name }, when));
        }
        let days = match when {
            "tomorrow" => "in 1 day",
            "today" => "in 0 days",
            other => other,
        };
        self.due(at, &format!("due {days}"))
    }

    /// "post the titles with links": of what is read, these parts alone.
    fn only_fields(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let adds = self.operation.also || self.operation.place.is_some() || matches!(self.operation.act, Act::Add(_));
        if adds || !self.sends(text) || self.service_in(text).is_some() || self.other_place(text) {
            return None;
        }
        let known = self.canvas.known;
        let (_, object) = text.split_once(' ')?;
        let wanted = Wanted::of(known, object);
        let formats = self.canvas.working().into_iter().filter_map(|at| self.canvas.value(at, "format")?.as_str());
        let parts: Vec<String> = formats
            .flat_map(|format| format.split("}}").filter_map(|part| part.rsplit_once("{{")))
            .flat_map(|(_, path)| crate::patcher::canvas::words::words(known, path.rsplit('.').next().unwrap_or(path)))
            .collect();
        let all = !wanted.words.is_empty()
            && wanted.values.is_empty()
            && wanted.words.iter().all(|word| parts.contains(word));
        if all { self.narrow_template(object) } else { None }
    }

    /// "refund mails should go to refunds@acme.com": the address of the one step that such mails come to.
    pub(super) fn sent_to(&mut self, what: &str, to: &str) -> Option<Result<(), Refused>> {
        let tokens = reading::tokens(to);
        let place = |token: &reading::Token| matches!(token.value(), Some(Typed::Email(_) | Typed::Channel(_)));
        let first =
            tokens.first().filter(|_| tokens.iter().all(|token| place(token) || token.word() == Some("and")))?;
        let raw = first.raw(to);
        let wanted = Wanted::of(self.canvas.known, what);
        let names = self.canvas.names();
        let titled = |at: usize, word: &str| names.get(at).is_some_and(|names| names.titled(word));
        let comes = |at: &usize| {
            let up = self.canvas.upstream(*at);
            let mut named = 0;
            for word in &wanted.words {
                let told =
                    (0..up.len()).any(|other| (other == *at || up.get(other) == Some(&true)) && titled(other, word));
                named += usize::from(told);
            }
            named > 0 && named + 1 >= wanted.words.len()
        };
        let mut steps = self.canvas.working();
        steps.retain(|at| self.canvas.delivers(*at) && comes(at));
        let fields: Vec<Field> = steps.into_iter().flat_map(|at| self.slots_for(at, raw)).collect();
        let [field] = fields.as_slice() else { return None };
        Some(self.put(&field.clone(), to))
    }

    /// A condition of a page that a model has judged: "it's down" is what the page says, no step that fails.
    pub(super) fn is_judged(&self, failure: &str) -> bool {
        let lower = shortened(failure, 200).to_lowercase();
        // "Slack is down": what the agent works with, no verdict.
        let service = self.service_in(failure);
        let known = self.canvas.known;
        let own = |at: usize| self.canvas.is(at, |block| known.meaning(block).service == service);
        if service.is_some() && self.canvas.working().into_iter().any(own) {
            return false;
        }
        let states = ["down", "offline", "unavailable", "unreachable", "broken", "not available", "not reachable"];
        states.iter().any(|state| lower.trim_end_matches(['.', '!']).ends_with(state))
            && self.canvas.working().into_iter().any(|at| self.canvas.thinks(at))
    }

    /// "only take the records with status open": what the one step that reads them is asked for, else a condition.
    fn only_where(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let (verb, object) = text.split_once(' ').filter(|_| self.operation.only)?;
        if !matches!(
            verb,
            "take" | "read" | "use" | "fetch" | "get" | "list" | "process" | "handle" | "consider" | "include"
        ) {
            return None;
        }
        let (noun, clause) = [" with ", " whose ", " where "].iter().find_map(|word| object.split_once(word))?;
        let clause = clause.strip_prefix("the ").unwrap_or(clause).replace(" is ", " ").replace(" of ", " ");
        let (field, value) = clause.split_once(' ').filter(|(_, value)| value.split(' ').count() < 4)?;
        let mut reads = self.canvas.working();
        reads.retain(|at| self.canvas.begins(*at) && !self.canvas.is(*at, |block| block.trigger));
        let [at] = *reads.as_slice() else { return None };
        let named = self
            .canvas
            .names()
            .get(at)
            .is_some_and(|names| Wanted::of(self.canvas.known, noun).words.iter().all(|word| names.fit(word) > 0));
        let title = self.canvas.title(at);
        let counts = TABLES.measures(&clause) || TABLES.is_manner(&clause);
        (named && !counts).then(|| self.returns_only(&title, &format!("{field} is {value}")))
    }

    /// "only for bugs": the case in which what was spoken of last is done, else whatever goes out.
    fn only_for(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let what = text.strip_prefix("for ").filter(|_| self.operation.only)?;
        let last = what.split_whitespace().last()?;
        let one = crate::catalogue::singular(last);
        let plain = !reading::tokens(what).iter().any(|token| token.value().is_some());
        if one == last.to_lowercase() || what.split_whitespace().count() > 3 || !plain || TABLES.is_manner(what) {
            return None;
        }
        let noun = what.get(..what.len() - last.len()).map(|before| format!("{before}{one}"))?;
        let at = self.it.filter(|at| self.canvas.delivers(*at)).or_else(|| {
            let mut sends = self.canvas.working();
            sends.retain(|at| self.canvas.delivers(*at));
            sends.first().copied().filter(|_| sends.len() == 1)
        })?;
        Some(self.guard(at, &format!("if it is {}", crate::plan::with_article(&noun)), false))
    }

    /// "the notes come from a PDF file": what is read in the place of the one text that the agent asks for.
    fn comes_from(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let (what, source) =
            [" come from ", " comes from ", " are in ", " is in "].iter().find_map(|verb| text.split_once(verb))?;
        let file =
            ["file", "pdf", "document"].iter().any(|word| source.to_lowercase().split(' ').any(|said| said == *word));
        if !file || what.split_whitespace().count() > 4 {
            return None;
        }
        let asked = |at: &usize| {
            let text = |link: &crate::patcher::canvas::Link| {
                let name = crate::patcher::find::outer(&link.input);
                matches!(name, "prompt_values" | "values") || self.canvas.known.is_content(name)
            };
            let mut links = self.canvas.links_out(*at).into_iter().peekable();
            self.canvas.is(*at, |block| block.is_agent_input())
                && links.peek().is_some()
                && links.all(|link| text(&link))
        };
        let doors: Vec<usize> = (0..self.canvas.steps.len()).filter(asked).collect();
        let [at] = *doors.as_slice() else { return None };
        Some(self.replace_at(at, source))
    }

    /// "post it to Telegram too", where a fixed text is sent: the same text, not the name of the channel that it goes to.
    fn same_text(&mut self, fresh: std::ops::Range<usize>) {
        let sends = |at: &usize| *at < fresh.start && self.canvas.delivers(*at);
        let fixed: Vec<Value> = self
            .canvas
            .working()
            .into_iter()
            .filter(sends)
            .filter_map(|at| self.canvas.value(at, &self.text_of(at)?.name).filter(|value| value.is_string()).cloned())
            .collect();
        let [text] = fixed.as_slice() else { return };
        let Some(made) = self.newest(fresh.clone()).filter(|made| self.canvas.delivers(*made)) else { return };
        let Some(field) = self.text_of(made) else { return };
        let place = |from: usize| {
            let mut links = self.canvas.links_out(from).into_iter().filter(|link| link.to < fresh.start).peekable();
            self.canvas.is_door(from)
                && links.peek().is_some()
                && links.all(|link| super::is_address(crate::patcher::find::outer(&link.input)))
        };
        let odd = self.canvas.links_into(made).any(|link| link.input == field.name && place(link.from));
        if odd {
            self.canvas.bind(made, &field.name, Binding::Value(text.clone()));
        }
    }

    /// New steps with the words that they are to have.
    pub(super) fn dressed(&mut self, fresh: &std::ops::Range<usize>) -> Result<(), Refused> {
        self.same_text(fresh.clone());
        self.own_words(fresh.clone())?;
        self.stands_apart(fresh.clone());
        Ok(())
    }

    /// "only posts with more than 100 upvotes" counts no posts.
    pub(super) fn more_than(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let compares = [" more than ", " less than ", " fewer than ", " at least ", " over ", " under "];
        let kept = super::filter::filter(&format!("keep only {text}"))?;
        (text.contains(" with ") && compares.iter().any(|word| text.contains(word))).then(|| self.filter(&kept))
    }

    /// A title or a text that would only be the word "Video": the person gives it.
    fn own_words(&mut self, fresh: std::ops::Range<usize>) -> Result<(), Refused> {
        let bare = ["Video", "Image", "Audio", "File", "Picture", "Photo", "Clip"];
        let Some(made) = self.newest(fresh).filter(|made| self.canvas.delivers(*made)) else { return Ok(()) };
        let idle = |name: &String| {
            self.canvas.value(made, name).and_then(Value::as_str).is_some_and(|text| bare.contains(&text))
        };
        let names: Vec<String> = self.canvas.inputs_of(made).into_iter().filter(idle).collect();
        for name in &names {
            self.canvas.unbind(made, name);
        }
        if names.is_empty() { Ok(()) } else { self.ask_missing(made) }
    }

    /// "attach a picture", where what goes out takes none: it is told where the picture stays.
    fn stands_apart(&mut self, fresh: std::ops::Range<usize>) {
        if !self.operation.said.to_lowercase().starts_with("attach ") {
            return;
        }
        let Some(made) = self.newest(fresh).filter(|made| !self.canvas.delivers(*made)) else { return };
        let down = self.canvas.downstream(made);
        let sends = |at: &usize| self.canvas.delivers(*at);
        if !self.canvas.working().iter().any(|at| sends(at) && down.get(*at) == Some(&true))
            && let Some(to) = self.canvas.working().into_iter().find(sends)
        {
            let title = self.canvas.title(to);
            self.canvas.told.push(format!("{title} takes nothing of this kind: it comes out as a result of the agent"));
        }
    }

    /// "answer the refund mails": what one of the conditions of the agent lets through.
    pub(super) fn of_branch(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let adds = self.operation.also || matches!(self.operation.act, Act::Add(_));
        if !adds || self.operation.place.is_some() || self.operation.condition.is_some() {
            return None;
        }
        let known = self.canvas.known;
        let (verb, object) = text.split_once(" the ").or_else(|| text.split_once(' '))?;
        let end = [" with ", " to ", " in ", " on "].iter().filter_map(|word| object.find(word)).min();
        let (noun, tail) = object.split_at(end.unwrap_or(object.len()));
        // "send refund mails to #refunds": what came is sent.
        let whole = tail.starts_with(" to ") && self.other_place(tail);
        let text = &if whole { format!("{verb} it{tail}") } else { text.to_owned() };
        let said = crate::patcher::canvas::words::words(known, noun);
        if verb.split(' ').count() > 1 || !(2..4).contains(&said.len()) {
            return None;
        }
        let tells = |at: &usize| {
            let condition = self.canvas.value(*at, "condition").and_then(Value::as_str).unwrap_or_default();
            let words = crate::patcher::canvas::words::words(known, condition);
            said.first().is_some_and(|word| words.contains(word))
        };
        let gates: Vec<usize> = self.canvas.working().into_iter().filter(tells).collect();
        let [gate] = *gates.as_slice() else { return None };
        let condition = self.canvas.value(gate, "condition").and_then(Value::as_str)?.to_owned();
        let source = self.canvas.links_into(gate).find(|link| link.input == "input_value")?;
        let from = self.canvas.steps.len();
        // What one way out leads to gives nothing to what is done beside it.
        let down = self.canvas.downstream(gate);
        let list: Vec<usize> = self.canvas.order().iter().copied().filter(|at| down.get(*at) == Some(&false)).collect();
        if let Err(refused) = self.add_from(text, &format!("if {condition}"), list) {
            return Some(Err(refused));
        }
        for at in from..self.canvas.steps.len() {
            for link in self.canvas.links_into(at).collect::<Vec<_>>() {
                if (link.from, &link.output) == (source.from, &source.output) {
                    self.canvas.bind(at, &link.input, Binding::From { step: gate, output: "yes_output".to_owned() });
                }
            }
        }
        Some(Ok(()))
    }
}
