//! Agents that answer questions: where a question comes from, what it is answered from, and where the answer goes.

use crate::{
    plan::{
        clauses::act::{Act, core, names},
        model::Reason,
        steps::{
            build::{Builder, Part},
            draft::AskKind,
            fill::Fill,
        },
    },
    reading::{Determiner, Phrase, Role, Token},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// "A Telegram bot that answers questions about our docs", "chat with my PDF".
    pub(in crate::plan) fn answers_questions(&mut self, act: &Act<'r>) -> bool {
        if !self.takes_questions(act) || self.reading.schedule.is_some() || self.triggered() {
            return false;
        }
        let place = self.place_of_talk(act);
        let mail =
            act.phrases().any(|phrase| phrase.head == "email" || phrase.services.iter().any(|name| name == "Gmail"));
        if mail || place.is_none() && act.phrases().any(|phrase| is_question(phrase) && self.refer(phrase).is_some()) {
            return false;
        }
        let trigger = match place.as_deref() {
            Some("Telegram") => self.known.catalogue.by_name("TelegramMessageTriggerBlock"),
            Some("Discord") => self.known.catalogue.by_name("ReadDiscordMessagesBlock"),
            Some("website") | None => None,
            Some(service) => {
                let service = service.to_owned();
                self.unknown_service(act, &service, Part::Source);
                return true;
            }
        };
        let question = match trigger {
            Some(block) => {
                let says = format!("Wait for a question on {}", place.as_deref().unwrap_or_default());
                let step = self.apply(block, Fill { says, ..Fill::default() });
                let nouns = ["question", "message"].map(str::to_owned);
                self.draft.gives(step, &nouns, place.as_deref())
            }
            None => {
                let flow = self.draft.ask("Question", "", AskKind::Text, None);
                Some(self.draft.given(flow, vec!["question".to_owned()]))
            }
        };
        let Some(question) = question else { return false };
        if let Some(datum) = self.draft.data.get_mut(question) {
            datum.single |= trigger.is_some();
        }
        self.done += 1;
        self.answer_from(act, question);
        // "…, and if it cannot answer, it mails the question to support": whoever asked gets the answer all the same.
        let answer =
            |phrase: &Phrase| phrase.pronoun || matches!(phrase.head.as_str(), "answer" | "reply" | "response");
        let goes_on = self.next_acts(act).take(1).any(|next| {
            let sent = next.frame.objects.is_empty() || next.frame.objects.iter().any(answer);
            sent && next.clause.under == act.clause.under && self.channel(&next).is_some()
        });
        if trigger.is_some() && !goes_on {
            let block = place.as_deref().and_then(|service| self.known.channel(service));
            if let (Some(block), Some(answer)) = (block, self.latest()) {
                let flow = self.take(answer);
                self.deliver(act, block, None, Some(answer), flow);
            }
        }
        true
    }

    /// Answers the question from all that the act says it is about.
    pub(in crate::plan) fn answer_from(&mut self, act: &Act<'r>, question: usize) {
        let mut data = vec![question];
        let mut unknown = None;
        let matters = self.matters(act);
        // "questions about our products from a Google Sheet": the sheet has them.
        let sourced = act.origins().into_iter().any(|origin| self.fetchable(act, origin));
        for phrase in matters {
            if let Some(datum) = self.refer(phrase).filter(|datum| *datum != question) {
                // A file that was handed in is read first.
                let given = self.draft.data.get(datum).is_some_and(|datum| self.draft.is_asked(datum.flow.step));
                data.push(if given { self.in_full(datum) } else { datum });
            } else if let Some(datum) = self.fetch(act, phrase, &[]) {
                let datum = self.in_full(datum);
                data.push(datum);
            } else if sourced {
                self.cover.add(&core(phrase));
            } else if self.handed(phrase) || names(phrase).iter().any(|name| self.known.is_askable(name)) {
                let given = self.ask_for(phrase);
                let datum = self.in_full(given);
                data.push(datum);
            } else if matches!(phrase.determiner, Determiner::Mine | Determiner::Theirs) {
                unknown = Some(self.text(&core(phrase)).to_owned());
            }
        }
        if let (Some(what), 1) = (unknown, data.len()) {
            let asked = format!("Where is this written, and how can it be read: {what}?");
            self.question(&asked, "source", "On the web page https://example.com/faq");
        } else {
            data.extend(self.reference_works(act));
        }
        data.dedup();
        let words = match data.len() {
            1 => act.instruction(),
            _ => format!("{}. Answer from what was read, and say so if the answer is not in it", act.instruction()),
        };
        let manners = self.manners(act);
        let step = self.ask_model(act, &words, &manners, &data, None);
        self.made(step, vec!["answer".to_owned()], None, &data);
        self.cover.add(&act.clause.span);
    }

    /// "Extract the questions and answer them": what was found are questions, and no answers yet.
    pub(in crate::plan) fn answers_found(&self, act: &Act<'_>) -> bool {
        let before = act.index.checked_sub(1).and_then(|at| Act::of(self.reading, at));
        let told = act.frame.objects.iter().chain(&act.frame.recipients);
        let them = told.clone().next().is_some() && told.clone().all(|phrase| phrase.pronoun || is_question(phrase));
        act.plain_lemma() == "answer"
            && them
            && before.is_some_and(|act| act.plain_lemma() != "answer" && act.frame.objects.iter().any(is_question))
    }

    /// What a model is told that answers what was found, or that writes a message for an act.
    pub(in crate::plan) fn answer_words(&self, act: &Act<'_>) -> String {
        match self.answers_found(act) {
            true if act.text().is_empty() => "Answer the questions".to_owned(),
            true => act.instruction(),
            false => format!("Write the message for this: {}", act.instruction()),
        }
    }

    /// What the questions are about: neither they themselves, nor who asks, nor where.
    fn matters(&self, act: &Act<'r>) -> Vec<&'r Phrase> {
        let chat = |phrase: &Phrase| phrase.services.iter().any(|service| self.known.channel(service).is_some());
        let mut phrases: Vec<&Phrase> = act.frame.arguments.iter().map(|argument| &argument.phrase).collect();
        phrases.extend(act.frame.objects.iter());
        phrases.retain(|phrase| {
            let place = chat(phrase) && phrase.values.is_empty();
            !(is_question(phrase) || phrase.pronoun || self.known.is_person(&phrase.head) || place)
        });
        phrases
    }

    fn takes_questions(&self, act: &Act<'_>) -> bool {
        let answers = matches!(act.plain_lemma(), "answer" | "reply" | "respond" | "handle" | "resolve");
        let open = |phrase: &Phrase| {
            is_question(phrase)
                && phrase.values.is_empty()
                && !matches!(phrase.determiner, Determiner::Each | Determiner::Count(_))
        };
        let talks = matches!(act.plain_lemma(), "chat" | "talk" | "converse" | "speak");
        let matter = |phrase: &Phrase| {
            !phrase.services.is_empty() || names(phrase).iter().any(|name| self.known.source(name).is_some())
        };
        answers && act.phrases().any(open)
            || talks && act.arguments(&["with", "to"]).any(|argument| matter(&argument.phrase))
    }

    /// Where people write: a service that the act or the name of the bot says, or a web site.
    fn place_of_talk(&mut self, act: &Act<'r>) -> Option<String> {
        let reading = self.reading;
        let here = act.clause.span.clone();
        let leads = reading.clauses.iter().filter(|clause| matches!(clause.role, Role::LeadIn | Role::Title));
        let spans: Vec<_> = leads.map(|clause| clause.span.clone()).chain([here]).collect();
        for at in spans.into_iter().flatten() {
            let word = reading.tokens.get(at).and_then(Token::word).unwrap_or_default();
            let said = CHATS.iter().find(|(name, _)| *name == word).map(|(_, service)| *service);
            let placed = |at: usize| {
                let before =
                    |back: usize| at.checked_sub(back).and_then(|at| reading.tokens.get(at)).and_then(Token::word);
                (1..=3).any(|back| matches!(before(back), Some("on" | "in" | "for")))
                    || reading.clauses.iter().any(|clause| clause.role == Role::LeadIn && clause.span.contains(&at))
            };
            match said {
                Some("website") if placed(at) => {
                    let text = "on the website";
                    self.leave(
                        text,
                        Reason::NotSupported,
                        "an agent has no window on a web site; questions are put to it where it runs",
                    );
                    self.cover.add(&(at..at + 1));
                    return Some("website".to_owned());
                }
                Some("website") | None => {}
                Some(service) => return Some(service.to_owned()),
            }
        }
        None
    }
}

fn is_question(phrase: &Phrase) -> bool {
    let head = phrase.head.rsplit(' ').next().unwrap_or_default();
    matches!(head, "question" | "query" | "inquiry" | "enquiry")
}

const CHATS: [(&str, &str); 9] = [
    ("telegram", "Telegram"),
    ("discord", "Discord"),
    ("slack", "Slack"),
    ("whatsapp", "WhatsApp"),
    ("messenger", "Messenger"),
    ("teams", "Microsoft Teams"),
    ("instagram", "Instagram"),
    ("website", "website"),
    ("site", "website"),
];
