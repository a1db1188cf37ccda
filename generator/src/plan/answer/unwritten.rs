//! What a text of a language model is not: a file, an answer that somebody gets, what nobody looked up.

use serde_json::Value;

use crate::{
    catalogue::Action,
    knowledge::Class,
    plan::{
        clauses::act::{Act, core},
        model::{Binding, Input, Reason},
        steps::{build::Builder, cover::Held, lost},
    },
    reading::{self, Clause, Determiner, Kind, Mark, Phrase, Role, Token},
};

/// Kinds of files that no block makes, and what else such a file is called.
const KINDS: [&str; 9] = ["pdf", "excel", "xlsx", "word", "docx", "zip", "epub", "powerpoint", "pptx"];
const FILES: [&str; 6] = ["file", "document", "report", "sheet", "export", "version"];

impl<'k, 'r> Builder<'k, 'r> {
    /// "make a PDF of it": the text is written, and no file; says whether nothing else is asked for.
    pub(in crate::plan) fn only_file(&mut self, act: &Act<'r>) -> bool {
        let makes = self.known.composes(act.plain_lemma())
            || self.is(act, Class::Tell)
            || matches!(act.plain_lemma(), "turn" | "convert" | "export" | "format" | "render" | "transform");
        let into = act.arguments(&["into", "to", "as"]).map(|argument| &argument.phrase);
        let mut named = act.frame.objects.iter().chain(into);
        let new = |phrase: &&Phrase| self.is_file(phrase) && self.refer(phrase).is_none() && !self.handed(phrase);
        let Some(phrase) = named.find(new).filter(|_| makes) else { return false };
        let text = self.text(&core(phrase)).to_owned();
        let there = self.draft.data.iter().any(|datum| datum.made);
        let only = there
            && act.arguments(&["plus"]).next().is_none()
            && act.frame.objects.iter().all(|phrase| phrase.pronoun || self.is_file(phrase));
        self.leave(&text, Reason::NotSupported, "no block makes such a file; what would be in it comes out as text");
        if only {
            self.cover.add(&act.clause.span);
            self.done += 1;
        }
        only
    }

    pub(in crate::plan) fn is_file(&self, phrase: &Phrase) -> bool {
        let words: Vec<String> = self.text(&core(phrase)).split(' ').map(str::to_lowercase).collect();
        let kind = |word: &String| KINDS.contains(&word.as_str());
        let last = words.last().is_some_and(|word| FILES.contains(&word.as_str()) || word != "word" && kind(word));
        matches!(phrase.determiner, Determiner::Some | Determiner::None) && last && words.iter().any(kind)
    }

    /// "Reply to the sender": written, and sent by no later act.
    pub(in crate::plan) fn answers_nobody(&mut self, act: &Act<'r>) {
        let answers = matches!(act.plain_lemma(), "reply" | "respond" | "answer" | "chase" | "thank");
        let user = |phrase: &Phrase| phrase.pronoun || matches!(phrase.head.as_str(), "user" | "question");
        let to = act.arguments(&["to"]).map(|argument| &argument.phrase).chain(&act.frame.recipients);
        let mut to = to.into_iter().chain(act.frame.objects.iter());
        // "Reply to every tweet": there are more than the person could paste.
        let several =
            |phrase: &Phrase| phrase.plural || matches!(phrase.determiner, Determiner::Each | Determiner::All);
        let thing = |phrase: &Phrase| {
            let head = phrase.head.rsplit(' ').next().unwrap_or_default();
            several(phrase) && matches!(head, "tweet" | "comment" | "message" | "review" | "post" | "email" | "dm")
        };
        let somebody = to.any(|phrase| self.known.is_person(&phrase.head) && !user(phrase) || thing(phrase));
        let sent =
            self.next_acts(act).take(2).any(|next| self.is(&next, Class::Tell) || self.is(&next, Class::Approve));
        // "the negative reviews in the text I paste": whoever pasted it has the answers.
        let pasted =
            act.phrases().filter_map(|phrase| phrase.tail.clone()).any(|tail| self.text(&tail).starts_with("I "));
        if answers && somebody && !sent && !pasted {
            self.leave(act.text(), Reason::NoBlock, "it is written, and no step sends it");
        }
    }

    /// "each PDF in a Google Drive folder": the person picks one file.
    pub(in crate::plan) fn leave_folders(&mut self) {
        let asks = |clause: &&Clause| matches!(clause.role, Role::Act | Role::Loop | Role::Trigger);
        let frames = self.reading.clauses.iter().filter(asks).filter_map(|clause| clause.frame.as_ref());
        let folder = |phrase: &&Phrase| {
            phrase.head == "folder" && phrase.services.iter().any(|service| service == "Google Drive")
        };
        let inside = frames.flat_map(|frame| {
            let inside = frame.arguments.iter();
            inside.filter(|argument| matches!(argument.preposition.as_str(), "in" | "from" | "inside" | "of"))
        });
        let found: Vec<String> = inside
            .map(|argument| &argument.phrase)
            .filter(folder)
            .map(|phrase| self.text(&core(phrase)).to_owned())
            .collect();
        for text in found {
            self.leave(
                &text,
                Reason::NotSupported,
                "no block lists the files of a folder; the agent takes one file at a time",
            );
        }
    }

    /// A service that an act or its start names, and no step works with or speaks of.
    pub(in crate::plan) fn leave_services(&mut self, held: &Held) {
        let asks = |clause: &&Clause| matches!(clause.role, Role::Act | Role::Trigger | Role::Loop | Role::Condition);
        let frames = self.reading.clauses.iter().filter(asks).filter_map(|clause| clause.frame.as_ref());
        // "The agent gets the text of a GitHub issue": the person gives it.
        let frames = frames.filter(|frame| !frame.subject.iter().any(|phrase| self.known.is_agent(&phrase.head)));
        let phrases = frames.flat_map(|frame| {
            let others = frame.arguments.iter().map(|argument| &argument.phrase);
            frame.objects.iter().chain(&frame.recipients).chain(&frame.subject).chain(others)
        });
        // "In Slack", "to our Discord channel": a prompt that has the word puts nothing there.
        let place = |phrase: &Phrase, service: &str| {
            let bare =
                phrase.head.is_empty() || matches!(phrase.head.as_str(), "channel" | "chat" | "group" | "server");
            bare && self.known.channel(service).is_some()
        };
        let open = |phrase: &Phrase, service: &&String| {
            let other = [Kind::Model, Kind::Builder].iter().any(|kind| self.known.is_kind(service, *kind));
            let stands_in = self.known.is_passive(service) || self.known.alias(service).is_some();
            // A prompt that speaks of Notion, or of "my HubSpot", reads nothing there.
            let mine = phrase.determiner == Determiner::Mine && phrase.head.is_empty();
            let spoken_of = self.known.container(service).is_none() && !place(phrase, service) && !mine;
            let works = spoken_of || self.works_with(service);
            !(other || stands_in || held.has_value(service) && works)
        };
        let missing: Vec<(&Phrase, &String)> = phrases
            .filter_map(|phrase| Some((phrase, phrase.services.iter().find(|name| open(phrase, name))?)))
            .collect();
        // "X" stands in a prompt as it was written.
        let said = |(phrase, _): &(&Phrase, &String)| {
            phrase.head.is_empty() && phrase.determiner != Determiner::Mine && held.has_value(self.text(&core(phrase)))
        };
        let missing: Vec<(&Phrase, &String)> = missing.into_iter().filter(|missing| !said(missing)).collect();
        for (phrase, service) in missing {
            let text = self.text(&core(phrase)).to_owned();
            self.leave(&text, Reason::NotSupported, &format!("no step works with {service} here"));
        }
    }

    /// "My CV, which is in a Google Doc", "what I finished in Todoist": where something lies that no step reads.
    pub(in crate::plan) fn leave_containers(&mut self) {
        let mut found: Vec<(String, String)> = Vec::new();
        let asks = |role: Role| matches!(role, Role::Act | Role::Value);
        for clause in self.reading.clauses.iter().filter(|clause| asks(clause.role)) {
            for at in clause.span.clone() {
                for end in at + 1..clause.span.end.min(at + 2) + 1 {
                    let text = self.text(&(at..end));
                    let Some(service) = self.known.vocabulary.service(text).map(|service| service.name.clone()) else {
                        continue;
                    };
                    let before = at.checked_sub(1).and_then(|at| self.reading.tokens.get(at)?.word());
                    // "our docs at https://…": they are there.
                    let elsewhere = (end..(end + 3).min(clause.span.end)).any(|at| {
                        let value = self.reading.tokens.get(at).and_then(|token| token.value());
                        matches!(value, Some(reading::Value::Url(url)) if !url.contains("google"))
                    });
                    if elsewhere {
                        continue;
                    }
                    let placed = matches!(before, Some("in" | "from" | "a" | "my" | "our" | "the" | "on"));
                    // "A LinkedIn post" is none that lies there.
                    let inside = matches!(before, Some("in" | "from" | "on"));
                    let holds = self.known.container(&service).is_some()
                        || inside && {
                            let catalogue = &self.known.catalogue;
                            let mut blocks = catalogue.blocks_of(&service).iter();
                            blocks.any(|at| {
                                let block = catalogue.blocks().get(*at);
                                block.is_some_and(|block| self.known.serves(block, Class::Fetch))
                            })
                        };
                    let stands_in = self.known.is_passive(&service) || self.known.alias(&service).is_some();
                    if placed && holds && !stands_in && !self.works_with(&service) {
                        found.push((text.to_owned(), service));
                    }
                }
            }
        }
        for (text, service) in found {
            self.leave(&text, Reason::NotSupported, &format!("no step works with {service} here"));
        }
    }

    fn works_with(&self, service: &str) -> bool {
        let feed = service == "YouTube" && self.reads_channel();
        feed || (0..self.draft.steps.len())
            .any(|at| self.draft.block(at).is_some_and(|block| self.is_of(block, service)))
    }

    /// Mails that are handled one by one at each run, and stay unread: said, for each of them comes again.
    pub(in crate::plan) fn note_unread(&mut self) {
        if self.reading.schedule.is_none() && !self.polls {
            return;
        }
        let named = |at: usize, name: &str| self.draft.block(at).is_some_and(|block| block.name == name);
        let text = |binding: Option<&Binding>| match binding {
            Some(Binding::Value(Value::String(text))) => text.clone(),
            _ => String::new(),
        };
        let unread = |at: &usize| {
            let step = self.draft.step(*at);
            let query = match step.and_then(|step| step.binding("query")) {
                Some(Binding::From { step, .. }) => {
                    let step = self.draft.step(*step);
                    text(step.and_then(|step| step.binding("format").or_else(|| step.binding("value"))))
                }
                query => text(query),
            };
            named(*at, "GmailReadBlock") && query.contains("is:unread")
        };
        let steps = 0..self.draft.steps.len();
        let Some(read) = steps.clone().find(unread) else { return };
        let takes = |binding: &Binding, own: &str| matches!(binding, Binding::From { step, output } if *step == read && output == own);
        let inputs = || self.draft.steps.iter().flat_map(|step| &step.inputs);
        let marks = steps.clone().any(|at| {
            let label = self.draft.step(at).and_then(|step| step.binding("label_name"));
            named(at, "GmailRemoveLabelBlock") && text(label) == "UNREAD"
        });
        // Who gave no time is told of what is new, and of nothing twice.
        let all = self.polls && self.reading.schedule.is_none();
        let taken = |input: &Input| takes(&input.binding, "email") || all && takes(&input.binding, "emails");
        let remembers = steps.clone().any(|at| named(at, "PersistInformationBlock"));
        if marks || remembers || !inputs().any(taken) {
            return;
        }
        let mut acts =
            self.reading.clauses.iter().filter(|clause| !matches!(clause.role, Role::Background | Role::Title));
        let said = acts.find_map(|clause| {
            let fresh = |at: &usize| {
                let word = self.reading.tokens.get(*at).and_then(Token::word);
                matches!(word, Some("unread" | "new" | "incoming"))
            };
            let at = clause.span.clone().find(fresh)?;
            Some(self.text(&lost::around(self.reading, clause, at)).to_owned())
        });
        let says = self.draft.step(read).map(|step| step.says.clone()).unwrap_or_default();
        let told = "a mail that stays unread is taken again at the next run; ask for it to be marked as read";
        self.leave(&said.unwrap_or(says), Reason::NotSupported, told);
    }

    /// "… and save them back": no step puts them where they were.
    pub(in crate::plan) fn leave_not_back(&mut self) {
        let acts = (0..self.reading.clauses.len()).filter_map(|at| Act::of(self.reading, at));
        let back = |act: &Act<'_>| {
            // "it sends back the summary": to whoever asked.
            let answers = matches!(act.plain_lemma(), "reply" | "answer" | "respond" | "send");
            let stores = (self.is(act, Class::Store) || self.is(act, Class::Change)) && !answers;
            let mut words = act.clause.span.clone().filter_map(|at| self.reading.tokens.get(at)?.word());
            stores && act.clause.role == Role::Act && words.any(|word| word == "back")
        };
        let changes = |act: &Act<'_>| {
            let steps = self.built.iter().filter(|(index, _)| *index == act.index).flat_map(|(_, steps)| steps.clone());
            let mut blocks = steps.filter_map(|at| self.draft.block(at));
            blocks.any(|block| self.known.meaning(block).action == Action::Update)
        };
        let open: Vec<String> =
            acts.filter(|act| back(act) && !changes(act)).map(|act| act.text().to_owned()).collect();
        for text in open {
            self.leave(&text, Reason::NotSupported, "no step changes what was read where it stands");
        }
    }

    /// "Make a briefing: the weather in Oslo, my meetings": read before it is written.
    pub(in crate::plan) fn listed_sources(&mut self, act: &Act<'r>) -> Vec<usize> {
        let colon = act.clause.span.clone().next_back().and_then(|at| self.reading.tokens.get(at)?.mark());
        let next = Act::of(self.reading, act.index + 1).filter(|next| next.frame.verb.is_none());
        let (Some(next), true) = (next, colon == Some(Mark::Colon) && self.known.composes(act.plain_lemma())) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        // "5 posts for LinkedIn": that is what they are for.
        let told = next.frame.arguments.iter().filter(|argument| argument.preposition != "for");
        for phrase in next.frame.objects.iter().chain(told.map(|argument| &argument.phrase)) {
            if !self.is_product(&next, phrase) && self.refer(phrase).is_none() && self.fetchable(&next, phrase) {
                found.extend(self.fetch(&next, phrase, &[]));
            }
        }
        found
    }

    /// Something is to be put or changed somewhere, with what is there.
    pub(in crate::plan) fn goes_unheard(&self, act: &Act<'r>) -> bool {
        let puts = self.is(act, Class::Store) || self.is(act, Class::Outside) || self.is(act, Class::Change);
        puts && !self.is(act, Class::Think) && self.draft.has_data() && !act.frame.objects.is_empty()
    }

    /// "Extract the dates": they are in what is given.
    pub(in crate::plan) fn is_taken_out(&self, act: &Act<'_>, phrase: &Phrase) -> bool {
        matches!(act.plain_lemma(), "extract" | "pull" | "pick" | "identify" | "detect" | "list" | "determine")
            && !matches!(phrase.determiner, Determiner::Mine)
            && act.frame.objects.iter().any(|object| object.span == phrase.span)
    }
}
