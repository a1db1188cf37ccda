//! Acts that the words themselves decide: quotes, questions to people, what no software does.

use crate::{
    knowledge::Class,
    plan::{
        clauses::act::{self, Act, core, names},
        model::Reason,
        steps::{
            build::{Builder, Part, Unserved},
            fill::Fill,
            say,
        },
        wording::{english, media},
    },
    reading::{Argument, Determiner, Phrase},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// "to #general": a channel of which service?
    pub(in crate::plan) fn asks_chat(&mut self, act: &Act<'r>) -> bool {
        let channel = act.values().find_map(|(_, value)| match value {
            crate::reading::Value::Channel(name) => Some(name.clone()),
            _ => None,
        });
        let (Some(name), None) = (channel, self.chat_service()) else { return false };
        if self.answered_services().iter().any(|service| self.known.channel(service).is_some()) {
            return false;
        }
        self.question(&format!("Is {name} a channel of Slack or of Discord?"), "channel", "Slack");
        self.cover_frame(act);
        self.done += 1;
        true
    }

    /// "Transcribe a podcast", "sum up a voice note": speech becomes text only if something is said to do it.
    pub(in crate::plan) fn hears(&mut self, act: &Act<'r>) -> bool {
        let changes = matches!(act.plain_lemma(), "convert" | "turn" | "change" | "transform");
        let sound = |phrase: &Phrase| {
            let named = |name: &String| SOUND.contains(&name.as_str()) || changes && name == "speech";
            names(phrase).iter().any(named)
        };
        let made = |phrase: &Phrase| {
            self.refer(phrase).and_then(|at| self.draft.data.get(at)).is_some_and(|datum| datum.made || datum.receipt)
        };
        let works = self.is(act, Class::Think) && !self.known.composes(act.plain_lemma());
        let mut into = act.arguments(&["to", "into"]).map(|argument| &argument.phrase);
        let written = into.all(|phrase| !sound(phrase) && !media::is_medium(&phrase.head));
        let worked_on = act.frame.objects.iter().any(|phrase| sound(phrase) && !made(phrase));
        let serves = self.named_operation(act).is_some();
        let heard = !serves && worked_on && (changes || works) && written;
        let there = act.phrases().any(|phrase| self.refer(phrase).is_some() || self.fetchable(act, phrase));
        // "Turn an episode into a transcript"
        let transcript = |argument: &Argument| matches!(argument.phrase.head.as_str(), "transcript" | "transcription");
        let spoken = |phrase: &Phrase| {
            let words = || phrase.modifiers.iter().map(String::as_str).chain(phrase.head.split(' '));
            phrase.services.is_empty() && words().any(|word| RECORDED.contains(&word))
        };
        let written_down = changes
            && act.arguments(&["to", "into"]).any(transcript)
            && act.frame.objects.iter().any(|phrase| spoken(phrase) && !made(phrase));
        let heard = heard || written_down;
        if !heard && (act.plain_lemma() != "transcribe" || there) {
            return false;
        }
        // "I paste its YouTube link": that has a transcript.
        if self.read_film().is_some() {
            if !heard {
                self.cover.add(&act.clause.span);
            }
            return !heard;
        }
        let text = act.text().to_owned();
        let what = Some("the speech in audio, apart from YouTube videos".to_owned());
        self.unserved.push(Unserved { text, what, kind: Part::Source, span: act.clause.span.clone() });
        self.cover.add(&act.clause.span);
        true
    }

    /// "Sum up the film that I upload": a language model reads words.
    pub(in crate::plan) fn sees(&mut self, act: &Act<'r>, data: &[usize]) -> bool {
        let shown = |at: &usize| {
            self.is_media(*at)
                && !self.is_to_be_seen(*at)
                && self.draft.data.get(*at).is_some_and(|datum| self.draft.is_asked(datum.flow.step))
        };
        if data.is_empty() || !data.iter().all(shown) {
            return false;
        }
        let text = act.text().to_owned();
        let what = Some("what pictures and films show".to_owned());
        self.unserved.push(Unserved { text, what, kind: Part::Source, span: act.clause.span.clone() });
        self.cover.add(&act.clause.span);
        true
    }

    /// "answer success": nothing goes back to whoever calls the webhook.
    pub(in crate::plan) fn answers_caller(&mut self, act: &Act<'r>) -> bool {
        let replies = matches!(act.plain_lemma(), "answer" | "return" | "respond" | "reply");
        let called = self.draft.steps.iter().any(|step| {
            self.known.catalogue.by_name("GenericWebhookTriggerBlock").is_some_and(|block| block.id == step.block)
        });
        let people = act.phrases().any(|phrase| self.known.is_person(&phrase.head) && !phrase.pronoun);
        if !replies || !called || people {
            return false;
        }
        self.unserved.push(Unserved {
            text: act.text().to_owned(),
            what: Some("an answer to the caller".to_owned()),
            kind: Part::Reply,
            span: act.clause.span.clone(),
        });
        self.cover.add(&act.clause.span);
        true
    }

    /// "…, say 'deployed'": the words of the message before.
    pub(in crate::plan) fn quotes(&mut self, act: &Act<'r>) -> bool {
        if !matches!(act.lemma().as_str(), "say" | "read" | "state") || self.delivered == 0 {
            return false;
        }
        let Some((at, text)) = act.values().find_map(|(at, value)| match value {
            crate::reading::Value::Quoted(text) => Some((at, text.clone())),
            _ => None,
        }) else {
            return false;
        };
        let Some(last) = self.draft.data.iter().rfind(|datum| datum.receipt).map(|datum| datum.flow.step) else {
            return false;
        };
        let Some(input) = self.draft.block(last).and_then(|block| self.known.content_input(block)) else {
            return false;
        };
        use crate::plan::model::Binding;
        let before = self.draft.steps.get(last).and_then(|step| step.binding(input)).cloned();
        let binding = match before {
            Some(Binding::From { step, output }) if step < last => {
                let gate = self.draft.flow(step, &output);
                let flow = self.draft.after(&gate, &text);
                // The text has to stand before the step that sends it.
                self.draft.swap_last(last);
                Binding::From { step: last, output: flow.output }
            }
            _ => Binding::Value(serde_json::json!(text)),
        };
        let moved = matches!(binding, Binding::From { .. });
        if let Some(step) = self.draft.steps.get_mut(last + usize::from(moved)) {
            step.bind(input, binding);
        }
        self.cover.add(&(at..at + 1));
        self.cover.add(&act.clause.span);
        true
    }

    /// "POST the text 'deployed' to https://…"
    pub(in crate::plan) fn posts_to_address(&mut self, act: &Act<'r>) -> bool {
        use crate::plan::model::Binding;
        let url = act.places().iter().flat_map(|phrase| phrase.values.clone()).find_map(|at| {
            match &self.reading.tokens.get(at)?.kind {
                crate::reading::TokenKind::Value(crate::reading::Value::Url(url)) => Some(url.clone()),
                _ => None,
            }
        });
        let (Some(url), true) =
            (url, matches!(act.plain_lemma(), "post" | "send" | "put" | "push" | "submit" | "patch"))
        else {
            return false;
        };
        let Some(block) = self.known.catalogue.by_name("SendWebRequestBlock") else { return false };
        let quoted = act.values().find_map(|(_, value)| match value {
            crate::reading::Value::Quoted(text) => Some(text.clone()),
            _ => None,
        });
        let mut given = vec![
            ("url".to_owned(), Binding::Value(serde_json::json!(url))),
            ("method".to_owned(), Binding::Value(serde_json::json!("POST"))),
        ];
        match quoted {
            Some(text) => given.push(("body".to_owned(), Binding::Value(serde_json::json!({"text": text})))),
            None => {
                let content = self.pending().last().copied().and_then(|datum| self.take(datum));
                if let Some(flow) = content {
                    let body = self.draft.fit(&flow, crate::catalogue::schema::Types::OBJECT);
                    given.push(("body".to_owned(), body.binding()));
                }
            }
        }
        let step = self.apply(block, Fill { given, says: act.instruction(), ..Fill::default() });
        if let Some(datum) = self.draft.gives(step, &["response".to_owned()], None)
            && let Some(datum) = self.draft.data.get_mut(datum)
        {
            datum.receipt = true;
        }
        self.cover.add(&act.clause.span);
        self.done += 1;
        self.delivered += 1;
        true
    }

    /// "ask five people for a photo": nobody collects what they send back.
    pub(in crate::plan) fn asks_people(&mut self, act: &Act<'r>) -> bool {
        let people = act.frame.objects.iter().chain(&act.frame.recipients).any(|phrase| {
            self.known.is_person(&phrase.head)
                && (phrase.plural || matches!(phrase.determiner, Determiner::Count(_)))
                && !phrase.pronoun
        });
        // "ask me how my day was": nothing waits for what is written back.
        let me = act.frame.recipients.iter().any(|phrase| matches!(phrase.head.as_str(), "me" | "us"));
        let first = act.frame.complement.as_ref().and_then(|span| self.reading.tokens.get(span.start)?.word());
        let asked = me && matches!(first, Some("how" | "what" | "which" | "whether" | "where" | "who" | "if"));
        let people = people || asked;
        let about = asked || act.arguments(&["for", "about", "whether"]).next().is_some();
        if !(act.plain_lemma() == "ask" && people && about) {
            return false;
        }
        self.unserved.push(Unserved {
            text: act.text().to_owned(),
            what: Some("the answers of people that are asked".to_owned()),
            kind: Part::Source,
            span: act.clause.span.clone(),
        });
        self.cover.add(&act.clause.span);
        true
    }

    /// "find the account of the customer": kept in a system that nobody named.
    pub(in crate::plan) fn asks_where(&mut self, act: &Act<'r>) -> bool {
        let alone = self.reading.schedule.is_some() || self.polls || self.triggered();
        let fetches = self.is(act, Class::Fetch) || self.is(act, Class::Search);
        let record = act.frame.objects.iter().find(|phrase| {
            let own = |noun: &String| {
                self.known.source(noun).is_some_and(|block| self.known.meaning(block).service.is_some())
            };
            names(phrase).iter().any(|name| self.known.is_record(name))
                // Meetings are in the calendar.
                && !names(phrase).iter().any(own)
                && self.refer(phrase).is_none()
                && phrase.services.is_empty()
                && phrase.values.is_empty()
                && self.source_of(act, phrase, &act.services()).is_none_or(|source| !source.named)
        });
        let unsaid = act.services().is_empty() && self.context.is_none();
        let (true, true, true, Some(record)) = (alone, fetches, unsaid, record) else { return false };
        let what = self.text(&core(record)).to_owned();
        self.question(
            &format!("Where are these kept, and how can they be read: {what}? A table, a sheet, a CRM or an address?"),
            &record.head.clone(),
            "In the Airtable table Orders",
        );
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }

    /// Which service only the person knows: "create an issue".
    pub(in crate::plan) fn asks_service(&mut self, act: &Act<'r>) -> bool {
        let nouns: Vec<String> = act.frame.objects.iter().chain(act.places()).flat_map(names).collect();
        let Some(choice) = self.known.choice(&nouns) else { return false };
        let mut said = act::services_of(self.reading);
        said.extend(self.answered_services());
        if !(self.is(act, Class::Make) || self.is(act, Class::Store))
            || said.iter().any(|service| choice.services.contains(service))
        {
            return false;
        }
        if choice.services.len() < 2 {
            return false;
        }
        let names = english::either(&choice.services);
        let noun = nouns.iter().find(|noun| choice.is_between(noun)).cloned().unwrap_or_default();
        self.question(
            &format!("Which service should this go to, {names}: {}?", say::said(act.text())),
            &noun,
            choice.services.first().map_or("", String::as_str),
        );
        self.cover_frame(act);
        self.done += 1;
        true
    }

    /// "Use Zapier": said to whoever builds it.
    pub(in crate::plan) fn builder_tool(&mut self, act: &Act<'r>) -> bool {
        let tool =
            act.services().into_iter().find(|service| self.known.is_kind(service, crate::reading::Kind::Builder));
        let Some(tool) = tool.map(str::to_owned) else { return false };
        // "Export my n8n workflows to GitHub": what it has is what is worked on.
        let builds =
            matches!(act.plain_lemma(), "use" | "do" | "set" | "build" | "make" | "create" | "connect" | "turn");
        let own = |phrase: &Phrase| {
            let theirs = matches!(phrase.determiner, Determiner::Mine | Determiner::All | Determiner::Each);
            theirs && !phrase.head.is_empty() && phrase.services.contains(&tool)
        };
        if !builds && act.frame.objects.iter().any(own) {
            self.unknown_service(act, &tool, Part::Source);
            return true;
        }
        let message = format!("this agent runs on its own, without {tool}");
        self.leave(&tool, Reason::NotSupported, &message);
        if matches!(act.plain_lemma(), "use" | "do" | "set" | "build" | "make" | "create" | "connect")
            && act.frame.objects.len() <= 1
        {
            self.cover.add(&act.clause.span);
            return true;
        }
        for phrase in act.phrases().filter(|phrase| phrase.services.contains(&tool)) {
            self.cover.add(&core(phrase));
        }
        false
    }
}

/// What a transcript is made of.
const RECORDED: [&str; 7] = ["podcast", "episode", "audio", "recording", "voice", "mp3", "call"];
/// What only ears understand.
const SOUND: [&str; 9] = [
    "audio",
    "audio file",
    "audio message",
    "recording",
    "voice",
    "voice memo",
    "voice message",
    "voice note",
    "voicemail",
];
