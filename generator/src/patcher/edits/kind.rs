//! Things of one kind are left out: "skip newsletters", "ignore draft PRs".

use super::{
    Edit,
    filter::{Filter, filter, single},
};
use crate::{
    catalogue::{schema::Types, singular},
    patcher::{find::bare, refused::Refused},
    plan::with_article,
    reading,
};

/// What a text has in it, and is not.
const PARTS: [&str; 30] = [
    "typo",
    "mistake",
    "misspelling",
    "greeting",
    "salutation",
    "signature",
    "footer",
    "header",
    "heading",
    "title",
    "emoji",
    "hashtag",
    "quote",
    "quotation",
    "word",
    "sentence",
    "paragraph",
    "line",
    "number",
    "date",
    "name",
    "mention",
    "abbreviation",
    "space",
    "symbol",
    "character",
    "stopword",
    "footnote",
    "typing",
    "punctuation",
];

impl Edit<'_, '_> {
    /// What a clause of a kind says of one thing: "newsletters" of mails, "drafts" of pull requests.
    pub(super) fn of_kind(&self, object: &str, thing: &str) -> Option<String> {
        let plural = object.split_whitespace().last().is_some_and(|last| singular(last) != last.to_lowercase());
        if let Some(filter) = filter(&format!("skip {object}")) {
            return Some(filter.clause().to_owned());
        }
        let values = reading::tokens(object).iter().any(|token| token.value().is_some());
        if !plural || values || object.split_whitespace().count() > 3 {
            return None;
        }
        let one = match object.rsplit_once(' ') {
            Some((before, last)) => with_article(&format!("{before} {}", singular(last))),
            None => single(&with_article(&singular(object))),
        };
        Some(format!("if the {thing} is {one}"))
    }

    /// "typos", "labels": what a text has, or what a step of the agent works with beside what comes.
    fn is_part(&self, object: &str) -> bool {
        let Some(last) = object.split_whitespace().last().map(singular) else { return true };
        PARTS.contains(&last.as_str()) || self.canvas.working().into_iter().any(|at| self.has_input(at, &last))
    }

    /// Whether a step takes something that is called so.
    fn has_input(&self, at: usize, noun: &str) -> bool {
        self.canvas.inputs_of(at).iter().any(|name| name.split('_').any(|part| singular(part) == noun))
    }

    /// "complaints should be forwarded to support@example.com": what is done with one kind of what comes.
    pub(super) fn routed(&mut self, what: &str, to: &str) -> Option<Result<(), Refused>> {
        let source = self.canvas.working().into_iter().find(|at| self.canvas.begins(*at))?;
        let thing = self.thing_of(source)?;
        let (first, rest) = to.trim().split_once(' ').unwrap_or((to.trim(), ""));
        let (verb, rest) = match self.canvas.known.vocabulary.participle(&first.to_lowercase()) {
            Some(verb) => (verb.to_owned(), rest.to_owned()),
            // "invoices should go to books@example.com"
            None if !first.contains(['@', '#']) => return None,
            None if thing == "email" && rest.is_empty() => ("forward".to_owned(), format!("to {to}")),
            None => ("send".to_owned(), format!("to {to}")),
        };
        let rest = rest.as_str();
        if !self.other_place(rest) && self.service_in(rest).is_none() || self.is_called(source, what) {
            return None;
        }
        // A whole list is of no kind: only a mail is forwarded one by one.
        let lists = self.canvas.links_out(source).iter().any(|link| self.list_of(source, &link.output).is_some());
        if lists && verb != "forward" {
            return None;
        }
        let condition = self.of_kind(bare(what).trim_start_matches("the "), &thing)?;
        // What came is looked at and goes on, not what is made of it.
        let list = self.upto(source, true);
        Some(self.add_from(&format!("{verb} it {rest}"), &condition, list))
    }

    /// "ignore draft PRs": what is of this kind goes no further.
    pub(super) fn without_kind(&mut self, what: &str) -> Option<Result<(), Refused>> {
        let what = bare(what);
        let object = ["the ", "all ", "any "].iter().fold(what, |text, word| text.strip_prefix(word).unwrap_or(text));
        let source = self.canvas.working().into_iter().find(|at| self.canvas.begins(*at))?;
        let thing = self.thing_of(source)?;
        if self.service_in(object).is_some() || self.is_called(source, object) {
            return None;
        }
        let mut writes = self.canvas.working();
        writes.retain(|at| self.prompt_field(*at).is_some() && self.canvas.leads(source, *at));
        // "ignore typos": said to the one that reads them.
        if self.is_part(object) && filter(&format!("skip {object}")).is_none() {
            let [at] = *writes.as_slice() else { return None };
            let said = self.operation.said.clone();
            return Some(self.say_to(at, &said));
        }
        let condition = self.of_kind(object, &thing)?;
        // Of a list that a model sums up: one text comes out, as before.
        let listed = self.canvas.links_out(source).iter().any(|link| {
            let types = self.canvas.block(source).and_then(|block| block.output_type(&link.output));
            types.is_some_and(|types| !types.is_any() && types.is_within(Types::ARRAY))
        });
        if let ([at], true) = (writes.as_slice(), listed && !self.looped(*writes.first().unwrap_or(&source))) {
            return Some(self.say_to(*at, &format!("Leave out {object}")));
        }
        Some(self.filter(&Filter::dropping(&thing, condition)))
    }
}
