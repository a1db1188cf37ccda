//! What no software does: work with the hands, phone calls, orders and bookings in somebody's name.

use crate::{
    knowledge::Class,
    plan::{
        clauses::act::{Act, names},
        model::Binding,
        steps::{
            build::{Builder, Part, Unserved},
            fill::Fill,
        },
    },
    reading::{Phrase, TokenKind, Value},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// "Bake a cake": no software does that.
    pub(in crate::plan) fn out_of_reach(&mut self, act: &Act<'r>) -> bool {
        let nouns: Vec<String> = act.frame.objects.iter().chain(act.places()).flat_map(names).collect();
        // "make coffee" is not "draw a cat".
        let writes = self.known.composes(act.plain_lemma()) && act.plain_lemma() != "make"
            || self.is(act, Class::Fetch)
            || self.is(act, Class::Tell) && act.plain_lemma() != "send";
        let place: Vec<String> = act.arguments(&["at", "on"]).flat_map(|argument| names(&argument.phrase)).collect();
        let there = self.phones(act)
            || self.reserves(act)
            || self.known.is_unreachable("", &place)
                && !self.known.composes(act.plain_lemma())
                && !self.is(act, Class::Fetch);
        let digital = !act.services().is_empty() || nouns.iter().any(|noun| self.known.is_product(noun));
        let verb_only = self.known.is_unreachable(act.plain_lemma(), &[]);
        if act.asks()
            || !there && (digital || !self.known.is_unreachable(act.plain_lemma(), &nouns) || writes && !verb_only)
        {
            return false;
        }
        self.unserved.push(Unserved {
            text: act.text().to_owned(),
            what: None,
            kind: Part::Reach,
            span: act.clause.span.clone(),
        });
        self.cover.add(&act.clause.span);
        true
    }

    /// "call my dentist", "contact them by phone": an address or a function is called otherwise.
    fn phones(&self, act: &Act<'_>) -> bool {
        let by = act.arguments(&["by"]).any(|argument| matches!(argument.phrase.head.as_str(), "phone" | "telephone"));
        let called: Vec<&Phrase> = act.frame.objects.iter().chain(&act.frame.recipients).collect();
        let person = |phrase: &&Phrase| {
            let technical = names(phrase).iter().any(|name| TECHNICAL.contains(&name.as_str()));
            phrase.services.is_empty() && phrase.values.is_empty() && !technical && !phrase.head.is_empty()
        };
        let called = matches!(act.lemma().as_str(), "call" | "call up" | "ring" | "ring up")
            && !called.is_empty()
            && called.iter().all(|phrase| person(phrase) && !self.fetchable(act, phrase));
        by || called && act.services().is_empty()
    }

    /// "book it", "reserve a table": only a time in a calendar can be taken.
    fn reserves(&self, act: &Act<'_>) -> bool {
        let object = act.frame.objects.first();
        let (Some(object), true) = (object, RESERVES.contains(&act.plain_lemma())) else { return false };
        let calendar = act.services().iter().any(|service| service.contains("Calendar"))
            || self.reading.text.to_lowercase().contains("calendar");
        let timed = act.values().any(|(_, value)| matches!(value, Value::Duration(_)));
        // An appointment is made with somebody.
        let named = act.phrases().flat_map(names).any(|name| CALENDAR.contains(&name.as_str()))
            && !self.text(&object.span).to_lowercase().contains("appointment");
        let thing = object.pronoun || self.known.is_generic(&object.head) || !named;
        thing && !calendar && !timed
    }

    /// "build me a website": a program that a coding agent writes.
    pub(in crate::plan) fn programs(&mut self, act: &Act<'r>) -> bool {
        let object = act.frame.objects.first().filter(|phrase| {
            let made = !phrase.plural && phrase.values.is_empty() && self.refer(phrase).is_none();
            made && names(phrase).iter().any(|name| PROGRAMS.contains(&name.as_str()))
        });
        let builds = matches!(
            act.plain_lemma(),
            "build"
                | "make"
                | "create"
                | "code"
                | "develop"
                | "program"
                | "write"
                | "design"
                | "generate"
                | "implement"
        );
        let block = self.known.catalogue.by_name("ClaudeCodeBlock");
        let own = act.services().iter().any(|service| self.known.catalogue.service(service).is_some());
        let (Some(object), Some(block), true, false) = (object, block, builds, own) else { return false };
        let says = act.instruction();
        let flows: Vec<_> = self.pending().into_iter().filter_map(|datum| self.take(datum)).collect();
        let prompt = match flows.as_slice() {
            [] => Binding::Value(serde_json::json!(says)),
            flows => {
                let parts: Vec<String> = flows.iter().map(|flow| format!("{{{{{}}}}}", flow.name)).collect();
                let format = format!("{says}\n\n{}", parts.join("\n\n"));
                self.draft.fill_in(flows, &format, "Say what is to be built").binding()
            }
        };
        let fill = Fill { given: vec![("prompt".to_owned(), prompt)], says, ..Default::default() };
        let step = self.apply(block, fill);
        self.made(step, names(object), None, &[]);
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }

    /// "only draft, don't send": every text stays with the person.
    pub(in crate::plan) fn holds_back(&self) -> bool {
        let tokens = &self.reading.tokens;
        let word = |at: usize| tokens.get(at).and_then(crate::reading::Token::word).unwrap_or_default();
        (0..tokens.len()).any(|at| {
            let not = matches!(word(at), "dont" | "don't" | "not" | "never" | "without");
            let sends = matches!(word(at + 1), "send" | "sending" | "publish" | "publishing" | "post");
            let rest = at + 2 + usize::from(matches!(word(at + 2), "it" | "them" | "anything" | "any"));
            not && sends && matches!(tokens.get(rest).map(|token| &token.kind), None | Some(TokenKind::Mark(_)))
        })
    }
}

const RESERVES: [&str; 5] = ["book", "reserve", "buy", "order", "purchase"];
/// What is taken in a calendar.
const CALENDAR: [&str; 9] =
    ["meeting", "calendar event", "event", "slot", "time slot", "time", "call", "session", "calendar"];
/// What is called by its address or name.
const TECHNICAL: [&str; 14] = [
    "api", "endpoint", "url", "webhook", "address", "service", "function", "tool", "model", "agent", "script",
    "method", "server", "it",
];
const PROGRAMS: [&str; 17] = [
    "website",
    "web page",
    "webpage",
    "homepage",
    "app",
    "mobile app",
    "web app",
    "landing page",
    "game",
    "browser extension",
    "chrome extension",
    "online shop",
    "program",
    "dashboard",
    "portfolio",
    "calculator",
    "software",
];
