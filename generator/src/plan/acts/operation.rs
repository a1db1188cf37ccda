//! Which block of a service does what an act says.

use super::operate::default_objects;
use crate::{
    catalogue::{Action, Block},
    knowledge::Class,
    plan::{
        clauses::act::{self, Act, names},
        steps::{
            build::Builder,
            choose::{Want, best, choose},
        },
    },
    reading::{Determiner, Phrase},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// "draft replies", to the mails that were read.
    /// "forward it", to whoever is named: the mail itself.
    pub(in crate::plan) fn forward(&self, act: &Act<'_>) -> Option<&'k Block> {
        let mails = self
            .draft
            .data
            .iter()
            .any(|datum| !datum.receipt && !datum.made && datum.service.as_deref() == Some("Gmail"));
        // "forward a summary to Slack" forwards no mail, "forward their resume" does: it came with it.
        let made = |noun: &String| self.draft.data.iter().any(|datum| datum.made && datum.nouns.contains(noun));
        let theirs = |phrase: &Phrase| phrase.determiner == Determiner::Theirs && !made(&phrase.head);
        let other = act.places().iter().any(|phrase| phrase.services.iter().any(|service| service != "Gmail"))
            || act.frame.objects.iter().any(|phrase| self.is_product(act, phrase) && !theirs(phrase));
        (act.plain_lemma() == "forward" && mails && !other)
            .then(|| self.known.catalogue.by_name("GmailForwardBlock"))
            .flatten()
    }

    pub(in crate::plan) fn draft_reply(&self, act: &Act<'_>) -> Option<&'k Block> {
        let replies = act.frame.objects.iter().any(|phrase| {
            phrase.pronoun
                || matches!(
                    phrase.head.as_str(),
                    "reply" | "response" | "answer" | "draft" | "reply draft" | "draft reply"
                )
        });
        let drafts = act.plain_lemma() == "draft"
            || act.arguments(&["as"]).any(|argument| argument.phrase.head == "draft")
            || act
                .frame
                .objects
                .iter()
                .any(|phrase| phrase.head.contains("draft") || phrase.modifiers.iter().any(|word| word == "draft"));
        let mails = self
            .draft
            .data
            .iter()
            .any(|datum| !datum.receipt && !datum.made && datum.service.as_deref() == Some("Gmail"));
        (replies && drafts && mails).then(|| self.known.catalogue.by_name("GmailDraftReplyBlock")).flatten()
    }

    /// "ask Wolfram Alpha": a service that answers is asked, not told.
    pub(in crate::plan) fn asked_service(&self, act: &Act<'r>) -> Option<&'k Block> {
        let nouns = self.work_nouns(act);
        let nobody = act.frame.recipients.iter().all(|to| !to.services.is_empty());
        // "research it with Perplexity": the same.
        let with: Vec<&str> = act
            .arguments(&["with", "using", "via"])
            .flat_map(|argument| argument.phrase.services.iter().map(String::as_str))
            .filter(|_| matches!(act.plain_lemma(), "research" | "investigate") && nobody)
            .collect();
        let asked = act.services().into_iter().filter(|_| act.plain_lemma() == "ask" && nobody);
        asked.chain(with).find_map(|service| {
            let want = Want { lemma: "ask", class: Class::Fetch, nouns: &nouns, service: Some(service), many: false };
            let asks = |block: &&Block| act.plain_lemma() == "ask" || self.known.meaning(block).action == Action::Ask;
            let answers = |block: &&Block| !block.trigger && self.known.serves(block, Class::Fetch) && asks(block);
            choose(self.known, &want).into_iter().map(|(block, _)| block).find(answers)
        })
    }

    /// The block of a service that the act names, or whose data it works on.
    pub(in crate::plan) fn service_block(&self, act: &Act<'r>) -> Option<&'k Block> {
        let lemma = act.lemma();
        let mut nouns = self.work_nouns(act);
        // "saves name, title and company into HubSpot": fields of what is kept there, not the thing itself.
        let bare =
            |phrase: &Phrase| phrase.determiner == Determiner::None && !phrase.plural && phrase.services.is_empty();
        if act.frame.objects.len() > 2 && self.is(act, Class::Store) && act.frame.objects.iter().all(bare) {
            nouns.clear();
        }
        let many = act.frame.objects.iter().any(|phrase| phrase.plural);
        // "Convert YouTube videos to shorts": nothing is put on YouTube.
        let turned = matches!(act.plain_lemma(), "convert" | "turn" | "transform" | "repurpose" | "translate");
        let turned = act.frame.objects.iter().filter(|_| turned).flat_map(|phrase| &phrase.services);
        let origins: Vec<&str> = act
            .arguments(&["from", "of", "out of", "across", "off", "with", "about"])
            .filter(|argument| !matches!(argument.preposition.as_str(), "with" | "about") || self.is(act, Class::Tell))
            .flat_map(|argument| argument.phrase.services.iter().map(String::as_str))
            .chain(turned.map(String::as_str))
            .collect();
        // "to the end of the document": where it was read.
        let places: Vec<String> = act
            .arguments(&["to", "into", "in", "on", "at", "of"])
            .filter(|argument| argument.phrase.determiner == Determiner::The || argument.phrase.pronoun)
            // "send it to the customer": whom the entry is about.
            .filter(|argument| !(self.is(act, Class::Tell) && self.known.is_person(&argument.phrase.head)))
            .filter_map(|argument| self.draft.data.get(self.refer(&argument.phrase)?))
            .filter_map(|datum| datum.service.clone())
            .filter(|_| {
                act.services().is_empty()
                    && (self.is(act, Class::Store) || self.is(act, Class::Change))
                    && !self.is(act, Class::Fetch)
            })
            .collect();
        // "Create an issue", and the person said that it is Linear.
        let answered: Vec<String> = match self.known.choice(&nouns) {
            Some(choice) if act.services().is_empty() => {
                self.answered_services().into_iter().filter(|service| choice.services.contains(service)).collect()
            }
            _ => Vec::new(),
        };
        let into: Vec<&str> = act
            .arguments(&["to", "into", "onto"])
            .flat_map(|argument| argument.phrase.services.iter().map(String::as_str))
            .collect();
        let source = |service: &&str| !into.contains(service);
        let mut services = act.services();
        services.sort_by_key(source);
        // "collect the issues of Linear": without a place to put them they are read.
        let reads = into.is_empty() && places.is_empty() && self.is(act, Class::Fetch);
        let classes = match reads && act.frame.objects.iter().any(|phrase| phrase.plural) {
            true => [Class::Change, Class::Fetch, Class::Make, Class::Store],
            false => [Class::Change, Class::Make, Class::Store, Class::Fetch],
        };
        for service in services.into_iter().chain(places.iter().chain(&answered).map(String::as_str)) {
            for class in classes {
                // What is read from a service is not written to it.
                let read = origins.contains(&service) || !into.is_empty() && source(&service);
                if !self.is(act, class) || (class != Class::Fetch && read) {
                    continue;
                }
                let mut every = nouns.clone();
                // "comment on an issue" adds an issue comment.
                if class == Class::Change {
                    every.extend(nouns.iter().map(|noun| format!("{noun} {lemma}")));
                    every.push(lemma.clone());
                }
                every.extend(default_objects(service, class));
                let want = Want { lemma: &lemma, class, nouns: &every, service: Some(service), many };
                let other = self.alters(act);
                let means = |block: &&Block| !block.trigger && (!other || self.means(block, class, &lemma));
                if let Some(block) = best(self.known, &want).filter(means) {
                    // "the customers from my Google Sheet": its rows, and none of the other things that it lists.
                    let rows = self.known.container(service).filter(|_| class == Class::Fetch);
                    let rows = rows.filter(|_| !nouns.iter().any(|noun| self.known.concerns(block, noun)));
                    return Some(rows.unwrap_or_else(|| self.by_age(act, block)));
                }
            }
        }
        // "Add the label", "assign it": to what came from the service.
        let foreign = act.services().into_iter().any(|service| !self.known.has_service(service));
        // "post a comment": on what came from there.
        let as_one = act.arguments(&["as"]).any(|argument| argument.phrase.head == "comment");
        let comments = as_one
            || act.frame.objects.iter().any(|phrase| phrase.head == "comment")
                && (self.is(act, Class::Tell) || matches!(act.plain_lemma(), "leave" | "put" | "drop"));
        let lemma = if comments { "comment".to_owned() } else { lemma };
        if (comments || self.is(act, Class::Change)) && !self.is(act, Class::Fetch) && !foreign {
            // "remove him from my Google Sheet": not from what was read.
            let own = |service: &String| act.services().is_empty() || act.services().contains(&service.as_str());
            let worked =
                self.draft.data.iter().rev().find(|datum| !datum.receipt && datum.service.as_ref().is_some_and(own))?;
            // "Label them": what they are tells what is done to them.
            let them = !act.frame.objects.is_empty() && act.frame.objects.iter().all(|phrase| phrase.pronoun);
            let comment = ["comment".to_owned()];
            let nouns = if as_one {
                comment.as_slice()
            } else if them {
                &worked.nouns
            } else {
                &nouns
            };
            let service = worked.service.as_deref();
            let want = Want { lemma: &lemma, class: Class::Change, nouns, service, many: false };
            return choose(self.known, &want)
                .into_iter()
                .find(|(block, score)| {
                    *score >= 6.5
                        && !block.trigger
                        && !self.known.serves(block, Class::Fetch)
                        && self.means(block, Class::Change, &lemma)
                })
                .map(|(block, _)| block);
        }
        None
    }

    /// "put it into a new document": made; "into my document": added to it.
    fn by_age(&self, act: &Act<'r>, block: &'k Block) -> &'k Block {
        let puts = matches!(act.plain_lemma(), "put" | "save" | "store" | "write" | "export" | "keep");
        let place = act.places().into_iter().find(|phrase| phrase.services.iter().any(|name| name == "Google Docs"));
        let by = |name: &str| self.known.catalogue.by_name(name);
        match place.map(|place| place.determiner).filter(|_| puts) {
            Some(Determiner::Some | Determiner::Count(1)) => by("GoogleDocsCreateBlock"),
            Some(Determiner::Mine | Determiner::The) => by("GoogleDocsAppendMarkdownBlock"),
            _ => None,
        }
        .unwrap_or(block)
    }

    /// What an act works on, as the catalogue may call it.
    pub(in crate::plan) fn work_nouns(&self, act: &Act<'_>) -> Vec<String> {
        let mut nouns: Vec<String> = Vec::new();
        let places = act.places();
        // "comment on the issue": an issue comment.
        let verb = act.plain_lemma();
        if places.iter().any(|phrase| phrase.pronoun || !phrase.head.is_empty())
            && self.known.is_carrier(verb)
            && !self.is(act, Class::Tell)
        {
            nouns.extend(places.iter().flat_map(|phrase| names(phrase)).map(|noun| format!("{noun} {verb}")));
            nouns.push(verb.to_owned());
        }
        for phrase in act.frame.objects.iter().chain(places) {
            nouns.extend(names(phrase));
        }
        nouns
    }

    /// "book an appointment", "draw a picture": the block that makes what the object names, no service being said.
    pub(in crate::plan) fn maker(&self, act: &Act<'r>) -> Option<&'k Block> {
        let lemma = act.lemma();
        let mut nouns: Vec<String> =
            act.frame.objects.iter().filter(|phrase| !phrase.pronoun).flat_map(names).collect();
        let places: Vec<String> = act.places().into_iter().flat_map(names).collect();
        // "save it as a file"
        nouns.extend(act.arguments(&["as"]).flat_map(|argument| names(&argument.phrase)));
        if nouns.is_empty() && places.is_empty() {
            return None;
        }
        for class in [Class::Make, Class::Store, Class::Change] {
            // "Archive the tasks" makes none.
            let alters = self.alters(act) && act.plain_lemma() != "upload";
            if !self.is(act, class) || alters {
                continue;
            }
            if let Some(block) = self.usual_place(class, &nouns, &places) {
                return Some(block);
            }
        }
        // A text that no service is named for is written, not posted.
        let texts = self.known.composes(&lemma) && act.frame.objects.iter().any(|phrase| self.is_product(act, phrase));
        let classes = [Class::Think, Class::Make, Class::Change];
        classes.into_iter().filter(|class| self.is(act, *class)).find_map(|class| {
            let want = Want { lemma: &lemma, class, nouns: &nouns, service: None, many: false };
            choose(self.known, &want)
                .into_iter()
                .find(|(block, score)| {
                    *score >= 4.2
                        && !block.trigger
                        && !self.known.is_plain(block)
                        && self.means(block, class, &lemma)
                        && (!texts || self.known.meaning(block).service.is_none() && !self.edits_film(block))
                })
                .map(|(block, _)| block)
        })
    }

    /// "Write a caption" needs no film.
    fn edits_film(&self, block: &Block) -> bool {
        block.required_inputs().any(|name| name == "video_in")
            && !self.draft.data.iter().any(|datum| datum.nouns.iter().any(|noun| noun == "video"))
    }

    /// A text is thought about by a language model, not by a block that reads such texts, and files are not moved by a block
    /// that stores them.
    fn means(&self, block: &Block, class: Class, lemma: &str) -> bool {
        class != Class::Think && !self.known.is(lemma, Class::Outside)
            || self.known.meaning(block).verbs.iter().any(|verb| verb == lemma)
    }

    /// Where such things go when nobody says where.
    pub(in crate::plan) fn usual_place(&self, class: Class, nouns: &[String], places: &[String]) -> Option<&'k Block> {
        let by = |name: &str| self.known.catalogue.by_name(name);
        let has = |words: &[&str]| nouns.iter().chain(places).any(|noun| words.contains(&noun.as_str()));
        let into = |words: &[&str]| places.iter().any(|noun| words.contains(&noun.as_str()));
        match class {
            Class::Make | Class::Store
                if into(&["calendar"]) || has(&["event", "calendar event", "appointment", "meeting"]) =>
            {
                by("GoogleCalendarCreateEventBlock")
            }
            Class::Make | Class::Store if has(&["to-do", "todo", "to-do list", "todo list", "task list", "task"]) => {
                by("TodoistCreateTaskBlock")
            }
            Class::Store if into(&["spreadsheet", "sheet", "google sheet", "row", "table", "excel"]) => {
                by("GoogleSheetsAppendRowBlock")
            }
            Class::Make | Class::Store
                if has(&["page", "notion page"])
                    && act::services_of(self.reading).iter().any(|name| name == "Notion") =>
            {
                by("NotionCreatePageBlock")
            }
            Class::Make | Class::Store if has(&["document", "google doc", "doc"]) && !has(&["pdf"]) => {
                by("GoogleDocsCreateBlock")
            }
            Class::Store if into(&["document", "doc"]) => by("GoogleDocsAppendMarkdownBlock"),
            _ => None,
        }
    }

    /// The operation of the channel's service that is meant instead of a message: a draft, a document, an issue.
    pub(in crate::plan) fn operation(&self, act: &Act<'r>, channel: &'k Block) -> Option<&'k Block> {
        // "create a Gmail draft to list@example.com"
        let gmail = act.services().contains(&"Gmail").then_some("Gmail");
        let service = gmail.or(self.known.meaning(channel).service.as_deref())?;
        let nouns = self.work_nouns(act);
        let lemma = act.lemma();
        let mut every: Vec<String> = nouns
            .iter()
            .map(|noun| match lemma.as_str() {
                "draft" => format!("{noun} draft"),
                _ => noun.clone(),
            })
            .collect();
        if lemma == "draft" {
            every.push("draft".to_owned());
            every.push("email draft".to_owned());
        }
        let as_draft = act.arguments(&["as"]).any(|argument| argument.phrase.head.contains("draft"));
        let drafts = lemma == "draft" || as_draft || nouns.iter().any(|noun| noun.contains("draft"));
        let labels = nouns.iter().any(|noun| noun.contains("label")) || matches!(lemma.as_str(), "label" | "tag");
        if !drafts && !labels {
            return None;
        }
        if drafts {
            let reply = self.draft.data.iter().any(|datum| datum.service.as_deref() == Some(service) && !datum.receipt);
            let name = if reply { "GmailDraftReplyBlock" } else { "GmailCreateDraftBlock" };
            if service == "Gmail" {
                return self.known.catalogue.by_name(name);
            }
        }
        best(
            self.known,
            &Want { lemma: &lemma, class: Class::Change, nouns: &every, service: Some(service), many: false },
        )
    }
}
