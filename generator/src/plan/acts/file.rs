//! "Save it to a text file": the agent gives the text out, and says that no file is written.

use crate::{
    knowledge::Class,
    plan::{
        clauses::act::{self, Act, names},
        model::Reason,
        steps::{build::Builder, say},
    },
    reading::{Determiner, Phrase},
};

/// Kinds of files that hold a text.
const FILES: [&str; 9] =
    ["file", "txt", "pdf", "markdown file", "word document", "word file", "json file", "csv file", "csv"];
/// Forms that a text can have.
const FORMS: [&str; 6] = ["csv", "json", "table", "markdown", "html", "xml"];
const ENDINGS: [&str; 6] = ["txt", "md", "pdf", "csv", "json", "docx"];

impl<'k, 'r> Builder<'k, 'r> {
    /// "Save it": with the service whose data it is, else the person is asked where.
    pub(in crate::plan) fn keeps_somewhere(&mut self, act: &Act<'r>) -> bool {
        let saves =
            matches!(act.lemma().as_str(), "save" | "store" | "log" | "record" | "archive" | "upload" | "append");
        if !saves || act.frame.complement.is_some() || !self.draft.has_data() || !act.services().is_empty() {
            return false;
        }
        let services: Vec<String> = self
            .draft
            .data
            .iter()
            .rev()
            .filter(|datum| !datum.receipt)
            .filter_map(|datum| datum.service.clone())
            .collect();
        // The service that the goal speaks of anywhere, if it is the only one that keeps such things.
        let keepers = act::services_of(self.reading).into_iter().filter(|service| self.keeper(service).is_some());
        let keepers: Vec<String> = keepers.collect();
        let only = keepers.first().filter(|_| keepers.len() == 1);
        if let Some(block) = services.iter().chain(only).find_map(|service| self.keeper(service)) {
            self.operate(act, block);
            return true;
        }
        let what = say::said(act.text());
        let asks = format!("Where should this be kept, in Google Sheets, Notion, Airtable or Google Docs: {what}?");
        self.question(&asks, "place", "In Google Sheets");
        self.cover_frame(act);
        self.done += 1;
        true
    }

    /// "give me back a clean CSV": what is there, in that form.
    pub(in crate::plan) fn gives_form(&mut self, act: &Act<'r>) -> bool {
        let gives =
            matches!(act.plain_lemma(), "give" | "return" | "output" | "produce" | "export" | "create" | "make");
        let new = |phrase: &Phrase| {
            let unsaid = matches!(phrase.determiner, Determiner::None | Determiner::Some) && !self.handed(phrase);
            unsaid && FORMS.contains(&phrase.head.as_str())
        };
        let [form] = act.frame.objects.as_slice() else { return false };
        let Some(latest) = self.latest().filter(|_| gives && act.services().is_empty() && new(form)) else {
            return false;
        };
        if self.triggered() || self.answers_caller(act) || !self.known.has_model() {
            return false;
        }
        let manners = self.manners(act);
        let step = self.ask_model(act, &act.instruction(), &manners, &[latest], None);
        self.made(step, names(form), None, &[latest]);
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }

    /// Whether the act only puts what is there into a file. What is written for the file goes on as a text.
    pub(in crate::plan) fn keeps_file(&mut self, act: &Act<'r>) -> bool {
        let keeps = self.is(act, Class::Store) && !self.is(act, Class::Fetch) && act.services().is_empty();
        let file = |phrase: &&Phrase| {
            let named = phrase.head.rsplit_once('.').is_some_and(|(_, kind)| ENDINGS.contains(&kind));
            let kind = named || FILES.contains(&phrase.head.as_str()) || phrase.head.ends_with(" file");
            let new = matches!(phrase.determiner, Determiner::Some | Determiner::None);
            kind && new && self.refer(phrase).is_none()
        };
        let mut places = act.arguments(&["to", "into", "in", "as", "onto"]).map(|argument| &argument.phrase);
        let Some(place) = places.find(file).filter(|_| keeps && self.draft.has_data()) else { return false };
        let text = self.text(&place.span).to_owned();
        self.leave(&text, Reason::NoBlock, "no block writes a file; the agent gives the text out");
        self.cover.close(&place.span);
        let there = |phrase: &Phrase| phrase.pronoun || self.refer(phrase).is_some();
        let objects = &act.frame.objects;
        // "and save as csv": what was made last.
        if self.is(act, Class::Think) && (objects.is_empty() || !objects.iter().all(there)) {
            return false;
        }
        let told = act.frame.objects.iter().find_map(|phrase| self.refer(phrase)).or_else(|| self.latest());
        self.draft.told.extend(told.and_then(|datum| self.draft.data.get(datum)).map(|datum| datum.flow.step));
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }
}
