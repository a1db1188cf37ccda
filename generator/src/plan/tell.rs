//! Acts that tell somebody something: over which channel, to whom, and what.

use serde_json::json;

use super::{
    act::{Act, core, names},
    build::Builder,
    draft::{AskKind, Flow},
    fill::Fill,
    know::{Class, capitalised},
    model::Binding,
};
use crate::{
    catalogue::{Block, schema::Types},
    reading::{Determiner, Phrase, Role, TokenKind, Value},
};

/// By which way a message goes.
#[derive(Debug, Clone)]
pub(super) enum Channel<'k, 'r> {
    Block(&'k Block, Option<&'r Phrase>),
    /// A service that nothing can be sent over.
    Foreign(String),
}

impl<'k, 'r> Builder<'k, 'r> {
    /// The channel that an act names: by a service, a `#channel`, an address, or the words "mail", "tweet".
    pub(super) fn channel(&self, act: &Act<'r>) -> Option<Channel<'k, 'r>> {
        let tells = self.is(act, Class::Tell) || self.is(act, Class::Store) || act.frame.verb.is_none() || self.is(act, Class::Make);
        if !tells || matches!(act.plain_lemma(), "turn" | "convert" | "transform" | "repurpose" | "rewrite" | "translate") {
            return None;
        }
        let places = act.places();
        let objects = || act.frame.objects.iter();
        let mut foreign = None;
        // "write a mail to them from Gmail"
        let mail = objects().any(|phrase| phrase.head == "email");
        let sender = act.origins().into_iter().find(|phrase| mail && phrase.services.iter().any(|service| self.known.channel(service).is_some()));
        for phrase in places.iter().copied().chain(&act.frame.recipients).chain(objects()).chain(sender) {
            for service in &phrase.services {
                if let Some(block) = self.known.channel(service) {
                    return Some(Channel::Block(block, Some(phrase)));
                }
                let unknown = !self.known.has_service(service) && !self.known.is_passive(service);
                if unknown && places.iter().any(|place| std::ptr::eq(*place, phrase)) {
                    foreign.get_or_insert_with(|| service.clone());
                }
            }
        }
        if let Some(name) = foreign {
            return Some(Channel::Foreign(name));
        }
        for (at, value) in act.values() {
            let service = match value {
                Value::Channel(_) => "Slack",
                Value::Email(_) => "email",
                Value::Subreddit(_) => "Reddit",
                _ => continue,
            };
            let phrase = act.phrases().find(|phrase| phrase.values.contains(&at));
            let service = if service == "Slack" { self.chat_service()? } else { service };
            return self.known.channel(service).map(|block| Channel::Block(block, phrase));
        }
        let mails = matches!(act.plain_lemma(), "email" | "mail") || places.iter().any(|phrase| phrase.head == "email");
        let sends_mail = objects().any(|phrase| {
            names(phrase).iter().any(|name| name == "email" || name.ends_with(" email"))
                && (self.is(act, Class::Tell) || act.frame.verb.is_none() && phrase.determiner == Determiner::Some)
                && !matches!(phrase.determiner, Determiner::The | Determiner::Mine)
        });
        if mails || (sends_mail && !matches!(act.plain_lemma(), "answer" | "reply" | "respond" | "report" | "write" | "draft" | "create" | "put")
            && !(matches!(act.plain_lemma(), "get" | "receive") && objects().any(|phrase| phrase.plural))) {
            return self.known.channel("email").map(|block| Channel::Block(block, None));
        }
        if matches!(act.plain_lemma(), "tweet" | "retweet") || objects().any(|phrase| phrase.head == "tweet" && act.plain_lemma() == "post") {
            return self.known.channel("Twitter").map(|block| Channel::Block(block, None));
        }
        None
    }

    /// The chat service that the goal speaks of anywhere.
    fn chat_service(&self) -> Option<&'static str> {
        let said = super::build::services_of(self.reading);
        ["Discord", "Telegram", "Slack"].into_iter().find(|service| said.iter().any(|name| name == service))
    }

    /// A message over `block`; if no channel is named: the one that the goal or an answer names, else a question, else
    /// the result of the agent.
    pub(super) fn tell(&mut self, act: &Act<'r>, block: Option<&'k Block>, place: Option<&'r Phrase>) {
        let block = block.or_else(|| self.usual_channel(act));
        let personal = self.goes_to_each(act);
        if personal && !self.draft.has_data() {
            self.possession();
        }
        let content = self.told(act, personal);
        let Some(block) = block else { return self.tell_nowhere(act, content) };
        let (content, literal) = content;
        let mut content = content;
        if personal && content.is_none() {
            content = self.latest();
        }
        if personal && let Some(index) = content {
            content = Some(self.single(index));
        }
        if let (Some(span), Some(index)) = (self.only_if_any.take(), content) {
            content = Some(self.if_any(index, &span));
        }
        let to = self.address_of(act, content, block);
        let title = self.subject(act, content);
        if content.is_none() && literal.is_none() && !self.draft.has_data() {
            let given = act.frame.objects.iter().find(|phrase| {
                !phrase.pronoun && self.known.is_askable(&phrase.head) && !self.known.is_carrier(&phrase.head) && phrase.determiner != Determiner::Some
            });
            content = given.cloned().map(|phrase| self.ask_for(&phrase));
        }
        if content.is_none() && literal.is_none() && !self.draft.has_data() {
            let what = self.text(&act.clause.span);
            self.cover_frame(act);
            self.done += 1;
            return self.question(
                &format!("What should go into it, and where does it come from? (\"{}\")", super::say::shortened(what, 90)),
                "content",
                "The news about electric cars, from the web",
            );
        }
        let flow = match (literal, content) {
            (Some(text), Some(datum)) => {
                let gate = self.take(datum);
                gate.map(|gate| self.draft.after(&gate, &text))
            }
            (Some(text), None) => Some(self.literal(&text)),
            (None, Some(datum)) => self.body(act, datum),
            (None, None) => None,
        };
        let says = self.says_told(act, block, place);
        let mut given = Vec::new();
        if let (Some(name), Some(flow)) = (self.known.content_input(block), &flow)
            && flow.step == usize::MAX
        {
            given.push((name.to_owned(), Binding::Value(json!(flow.output))));
        }
        let flow = flow.filter(|flow| flow.step != usize::MAX);
        let fill = Fill {
            act: Some(*act),
            phrase: place,
            content: flow,
            title: Some(title),
            to,
            given,
            says,
            ..Fill::default()
        };
        let step = self.apply(block, fill);
        if let Some(datum) = self.draft.gives(step, &[], None) {
            let scope = self.scope;
            if let Some(datum) = self.draft.data.get_mut(datum) {
                datum.receipt = true;
                datum.under = scope;
                datum.nouns.insert(0, "status".to_owned());
            }
        }
        self.done += 1;
        self.delivered += 1;
        self.cover_frame(act);
        self.cover_carriers(act);
    }

    /// "No new articles, no mail": goes on only if there is something.
    fn if_any(&mut self, index: usize, span: &std::ops::Range<usize>) -> usize {
        let Some(block) = self.known.catalogue.by_name("AIConditionBlock") else { return index };
        let Some(datum) = self.draft.data.get(index).cloned() else { return index };
        let Some(flow) = self.take(index) else { return index };
        let text = self.draft.fit(&flow, Types::STRING);
        let noun = super::build::plural(datum.nouns.first().map_or("entry", String::as_str));
        let says = format!("Go on only if there is something: {}", self.text(span));
        let step = self.step_of(block, &says, &[("condition", json!(format!("there are {noun} in it; it is not empty")))], &[("input_value", text)]);
        let mut out = self.draft.flow(step, "yes_output");
        (out.name, out.types) = (flow.name.clone(), Types::STRING);
        self.draft.data.push(super::draft::Datum { flow: out, each: None, used: false, ..datum });
        self.draft.data.len() - 1
    }

    /// "I have a list of mail addresses": the person gives it.
    fn possession(&mut self) {
        let frames = self.reading.clauses.iter().filter(|clause| clause.role == Role::Background).filter_map(|clause| clause.frame.as_ref());
        let owned = frames
            .filter(|frame| frame.verb.as_ref().is_some_and(|verb| verb.lemma == "have"))
            .flat_map(|frame| frame.objects.iter().cloned())
            .find(|phrase| phrase.plural || phrase.head == "list");
        let Some(phrase) = owned else { return };
        let name = self.name_of(&phrase);
        let flow = self.draft.ask(&name, "", AskKind::List, None);
        let datum = self.draft.given(flow, names(&phrase));
        if let Some(datum) = self.draft.data.get_mut(datum) {
            datum.flow.types = Types::ARRAY;
        }
    }

    /// A fixed text, told by a flow that is no step.
    fn literal(&self, text: &str) -> Flow {
        Flow { step: usize::MAX, output: text.to_owned(), types: Types::STRING, fields: Vec::new(), first: None, name: "text".to_owned() }
    }

    fn goes_to_each(&self, act: &Act<'_>) -> bool {
        let people = act.frame.recipients.iter().chain(act.places()).chain(act.subjects());
        act.frame.objects.iter().any(|phrase| phrase.determiner == Determiner::Each || phrase.head.starts_with("each"))
            || people.into_iter().any(|phrase| {
                phrase.determiner == Determiner::Each
                    || phrase.head.starts_with("each")
                    || (self.known.is_item_person(&phrase.head) && !matches!(phrase.determiner, Determiner::Mine) && self.latest().is_some_and(|datum| {
                        self.draft.data.get(datum).is_some_and(|datum| datum.address.is_some() || datum.single)
                    }))
            })
    }

    fn usual_channel(&self, act: &Act<'_>) -> Option<&'k Block> {
        // An answer goes back where the message came from.
        if matches!(act.plain_lemma(), "answer" | "reply" | "respond") {
            let service = self.draft.data.iter().rev().find_map(|datum| {
                datum.service.as_deref().filter(|service| self.known.channel(service).is_some())
            });
            if let Some(service) = service {
                return self.known.channel(service);
            }
        }
        let said = self.answered_services();
        if let Some(block) = said.iter().find_map(|service| self.known.channel(service)) {
            return Some(block);
        }
        // "Tell HR as well": the way that was taken before.
        let before = self.draft.steps.iter().rev().find_map(|step| {
            let block = self.known.catalogue.by_id(&step.block)?;
            self.known.is_channel(block).then_some(block)
        });
        let other = act.frame.recipients.iter().chain(&act.frame.objects).chain(act.places()).any(|phrase| {
            self.known.is_person(&phrase.head) && !matches!(phrase.head.as_str(), "me" | "us")
        });
        if let Some(block) = before.filter(|block| other && (block.name == "SendEmailBlock" || block.name == "GmailSendBlock")) {
            return Some(block);
        }
        // The only channel that the goal speaks of: "make a LinkedIn post of it, and publish it".
        let mut named: Vec<&Block> = super::build::services_of(self.reading).iter().filter_map(|service| self.known.channel(service)).collect();
        named.dedup_by(|a, b| a.id == b.id);
        if let [block] = named.as_slice()
            && matches!(act.plain_lemma(), "publish" | "post" | "send" | "share" | "tweet" | "forward")
        {
            return Some(*block);
        }
        if self.context.is_some_and(|context| {
            context.tokens.iter().any(|token| matches!(&token.kind, TokenKind::Value(Value::Email(_))) || matches!(&token.kind, TokenKind::Word(word) if word == "email" || word == "mail"))
        }) {
            return self.known.channel("email");
        }
        None
    }

    /// What is told: the datum, or a fixed text.
    fn told(&mut self, act: &Act<'r>, personal: bool) -> (Option<usize>, Option<String>) {
        let quoted = act.values().find_map(|(at, value)| match value {
            Value::Quoted(text) => Some((at, text.clone())),
            _ => None,
        });
        if let Some((at, text)) = quoted.filter(|(at, _)| !self.cover.has(*at)) {
            self.cover.add(&(at..at + 1));
            let gate = self.gate().or_else(|| self.latest());
            return (gate, Some(text));
        }
        // "the price before and the price now"
        let before = act.clause.span.clone().any(|at| {
            matches!(self.reading.tokens.get(at).map(|token| &token.kind), Some(TokenKind::Word(word)) if matches!(word.as_str(), "before" | "previous" | "old"))
        });
        if before
            && let Some(old) = self.draft.data.iter().rposition(|datum| datum.nouns.iter().any(|noun| noun == "before"))
        {
            let mut data: Vec<usize> = self.latest().into_iter().collect();
            data.push(old);
            data.sort_unstable();
            data.dedup();
            let words = format!("Write the message: {}", act.instruction());
            let step = self.ask_model(act, &words, &[], &data, None);
            self.made(step, vec!["message".to_owned()], None, &data);
            self.cover.add(&act.clause.span);
            return (self.latest(), None);
        }
        // "remind me that the rent is due"
        let told = act.frame.complement.clone().filter(|span| {
            let text = self.text(span);
            let said = act.plain_lemma() == "remind" || act.frame.objects.is_empty() && !self.draft.has_data();
            said && (text.starts_with("that ") || text.starts_with("to "))
        });
        if let Some(complement) = told {
            let text = self.text(&complement);
            let text = text.strip_prefix("that ").or_else(|| text.strip_prefix("to ")).unwrap_or(text);
            let text = capitalised(text);
            self.cover.add(&complement);
            let manners = self.manners(act);
            if !manners.is_empty() {
                let words = format!("Write a message that says: {text}");
                let step = self.ask_model(act, &words, &manners, &[], None);
                self.made(step, vec!["message".to_owned()], None, &[]);
                return (self.latest(), None);
            }
            return (self.gate(), Some(text));
        }
        let mut phrases: Vec<&Phrase> = act.frame.objects.iter().collect();
        phrases.extend(act.arguments(&["with", "about", "of", "on", "containing", "including", "from", "for"]).map(|argument| &argument.phrase));
        let written = act.frame.objects.iter().any(|phrase| self.is_product(act, phrase) && !self.carries(phrase) && !self.refers_to_made(phrase) && !phrase.pronoun);
        let shaped = act.frame.objects.iter().any(|phrase| {
            self.carries(phrase) && phrase.modifiers.iter().any(|word| !super::cover::is_empty(word) && !matches!(word.as_str(), "simple" | "short" | "new" | "quick" | "slack" | "telegram" | "discord" | "email"))
        });
        let fields = self.fields(act);
        let described = act.frame.objects.iter().find_map(|phrase| phrase.tail.clone().filter(|_| self.carries(phrase)));
        if let Some(tail) = described {
            let text = self.text(&tail);
            // "a notification that I must hand in my timesheet"
            if let (Some(text), false, false) = (text.strip_prefix("that "), self.draft.has_data(), self.source_in(&tail).is_some()) {
                self.cover.add(&tail);
                return (None, Some(capitalised(text)));
            }
            return (Some(self.write_first(act)), None);
        }
        if written || (shaped && self.draft.has_data()) {
            return (Some(self.write_first(act)), None);
        }
        for phrase in phrases {
            if let Some(datum) = self.part(phrase) {
                return (Some(datum), None);
            }
            if self.carries(phrase) || self.known.is_person(&phrase.head) && !phrase.pronoun || !phrase.services.is_empty() && phrase.head.is_empty() {
                continue;
            }
            if let Some(datum) = self.refer(phrase).filter(|_| !phrase.pronoun || !self.known.is_person(&phrase.head)) {
                self.narrow_fields(datum, &fields);
                return (Some(datum), None);
            }
            let named = !phrase.services.is_empty() || !phrase.values.is_empty();
            let place = act.places().iter().any(|place| place.span == phrase.span);
            let reads = !place || !self.draft.has_data();
            if reads && (named || !self.draft.has_data() || matches!(phrase.determiner, Determiner::Mine | Determiner::The | Determiner::None))
                && self.known.channel(phrase.services.first().map_or("", String::as_str)).is_none()
                && let Some(datum) = self.fetch(act, phrase, &[])
            {
                return (Some(datum), None);
            }
        }
        // Entries that something made: several texts go as one.
        let pending = self.pending();
        if pending.len() > 1 && !personal {
            let flows: Vec<Flow> = pending.iter().filter_map(|datum| self.take(*datum)).collect();
            let text = self.draft.render(&flows);
            let nouns = vec!["text".to_owned(), "message".to_owned()];
            let scope = self.scope;
            let datum = self.draft.given(text, nouns);
            if let Some(datum) = self.draft.data.get_mut(datum) {
                datum.under = scope;
            }
            return (Some(datum), None);
        }
        (pending.last().copied(), None)
    }

    fn carries(&self, phrase: &Phrase) -> bool {
        self.known.is_carrier(&phrase.head) && !self.refers_to_made(phrase)
    }

    fn refers_to_made(&self, phrase: &Phrase) -> bool {
        self.refer(phrase).and_then(|datum| self.draft.data.get(datum)).is_some_and(|datum| datum.made)
            && (matches!(phrase.determiner, Determiner::The | Determiner::Mine | Determiner::Theirs) || phrase.determiner == Determiner::None)
    }

    /// "sends me a prioritised summary": the text is written first.
    fn write_first(&mut self, act: &Act<'r>) -> usize {
        let data = self.thought_about(act);
        let objects: Vec<String> = act.frame.objects.iter().map(|phrase| self.text(&phrase.span).to_owned()).collect();
        let rest: Vec<String> = act
            .frame
            .arguments
            .iter()
            .filter(|argument| argument.phrase.services.is_empty() && argument.phrase.values.is_empty())
            .filter(|argument| !self.known.is_person(&argument.phrase.head) && argument.phrase.head != "email")
            .filter(|argument| matches!(argument.preposition.as_str(), "of" | "with" | "about" | "on" | "for" | "including" | "containing" | "by" | "from" | "as" | "in"))
            .map(|argument| format!("{} {}", argument.preposition, self.text(&argument.phrase.span)))
            .collect();
        let mut words = format!("Write {}", objects.join(" and "));
        for part in rest {
            if !words.contains(&part) {
                words.push(' ');
                words.push_str(&part);
            }
        }
        let manners = self.manners(act);
        let step = self.ask_model(act, &words, &manners, &data, None);
        let nouns: Vec<String> = act.frame.objects.iter().flat_map(names).collect();
        self.made(step, nouns, None, &data);
        for phrase in &act.frame.objects {
            self.cover.add(&phrase.span);
        }
        for argument in &act.frame.arguments {
            self.cover.add(&argument.phrase.span);
        }
        self.draft.data.len() - 1
    }

    /// "title and link": only these parts of each entry.
    fn fields(&self, act: &Act<'_>) -> Vec<String> {
        let parts = act.frame.objects.iter().chain(act.arguments(&["with", "including", "containing"]).map(|argument| &argument.phrase));
        parts.map(|phrase| phrase.head.clone()).collect()
    }

    fn narrow_fields(&mut self, datum: usize, wanted: &[String]) {
        if let Some(datum) = self.draft.data.get_mut(datum) {
            let kept: Vec<String> = datum
                .flow
                .fields
                .iter()
                .filter(|field| wanted.iter().any(|noun| *noun == field.replace('_', " ") || field.contains(noun.as_str())))
                .cloned()
                .collect();
            if kept.len() > 1 {
                datum.flow.fields = kept;
            }
        }
    }

    /// The text of a message about `datum`. What narrows it and no step has minded is minded now.
    fn body(&mut self, act: &Act<'r>, datum: usize) -> Option<Flow> {
        let open = self.draft.data.get(datum).is_some_and(|datum| !datum.open.is_empty());
        let manners = self.manners(act);
        if open || !manners.is_empty() {
            let words = if open { "Keep only what was asked for, and leave out the rest".to_owned() } else { "Write the message".to_owned() };
            let step = self.ask_model(act, &words, &manners, &[datum], None);
            let nouns: Vec<String> = self.draft.data.get(datum).map(|datum| datum.nouns.clone()).unwrap_or_default();
            self.made(step, nouns, None, &[datum]);
            return self.take(self.draft.data.len() - 1);
        }
        self.take(datum)
    }

    /// The address of the message: in the goal, in the entry, or asked for by role.
    fn address_of(&mut self, act: &Act<'r>, content: Option<usize>, block: &Block) -> Option<Binding> {
        let wants = block.input_schema().properties.iter().map(|(name, _)| name.to_owned()).find(|name| {
            matches!(name.as_str(), "to_email" | "to" | "recipient" | "recipients")
        })?;
        let types = block.input_type(&wants).unwrap_or(Types::ANY);
        let given = self.values().find_map(|value| match value {
            Value::Email(mail) => Some(mail.clone()),
            _ => None,
        });
        let own = act.values().find_map(|(at, value)| match value {
            Value::Email(mail) => Some((at, mail.clone())),
            _ => None,
        });
        if let Some((at, mail)) = own {
            self.cover.add(&(at..at + 1));
            return Some(Binding::Value(json!(mail)));
        }
        let people: Vec<&Phrase> = act
            .frame
            .recipients
            .iter()
            .chain(act.arguments(&["to", "for", "with"]).map(|argument| &argument.phrase))
            .chain(&act.frame.objects)
            .filter(|phrase| self.known.is_person(&phrase.head))
            .collect();
        let me = |phrase: &&Phrase| matches!(phrase.head.as_str(), "me" | "us" | "") || phrase.pronoun && matches!(phrase.head.as_str(), "me" | "us");
        let item = people.iter().find(|phrase| !me(phrase) && (self.known.is_item_person(&phrase.head)));
        if item.is_some()
            && let Some(flow) = content.and_then(|datum| self.mail_of_item(datum))
        {
            return Some(self.draft.fit(&flow, types).binding());
        }
        let other = people.iter().find(|phrase| !me(phrase) && !phrase.pronoun);
        let name = match other {
            Some(phrase) => {
                self.cover.add(&core(phrase));
                format!("{}'s e-mail address", self.name_of(phrase))
            }
            None => {
                if let Some(mail) = given {
                    let at = self.reading.tokens.iter().position(|token| token.kind == TokenKind::Value(Value::Email(mail.clone())));
                    if at.is_none_or(|at| !self.cover.has(at)) {
                        if let Some(at) = at {
                            self.cover.add(&(at..at + 1));
                        }
                        return Some(Binding::Value(json!(mail)));
                    }
                }
                "Your e-mail address".to_owned()
            }
        };
        let flow = self.draft.ask(&name, "Where the message goes", AskKind::Text, None);
        Some(self.draft.fit(&flow, types).binding())
    }

    /// The mail address within the entry that is handled: of the form, the row, the mail.
    fn mail_of_item(&mut self, datum: usize) -> Option<Flow> {
        // The entry is what was read, not what was written about it.
        let address = self.draft.data.get(datum)?.address.clone();
        let entry = (0..=datum).rev().find(|at| {
            self.draft.data.get(*at).is_some_and(|entry| !entry.made && !entry.receipt && entry.single)
        })?;
        let field = self.draft.data.get(entry)?.address.clone().or(address).unwrap_or_else(|| "email".to_owned());
        let block = self.known.catalogue.by_name("FindInDictionaryBlock")?;
        let flow = self.draft.data.get(entry)?.flow.clone();
        let inputs = vec![
            super::model::Input { name: "input".to_owned(), binding: flow.binding() },
            super::model::Input { name: "key".to_owned(), binding: Binding::Value(json!(field)) },
        ];
        let id = block.id.clone();
        Some(self.draft.bridge(&id, "Find the address", "output", inputs, &flow, Types::ANY))
    }

    /// No way is named: the agent gives it out, unless it runs while nobody looks.
    fn tell_nowhere(&mut self, act: &Act<'r>, content: (Option<usize>, Option<String>)) {
        let alone = self.reading.schedule.is_some() || self.polls || self.draft.data.iter().any(|datum| datum.single && !datum.made);
        let guarded = self.reading.clauses.iter().any(|clause| clause.role == Role::Trigger);
        let calls = matches!(act.plain_lemma(), "notify" | "alert" | "remind" | "ping" | "inform" | "let" | "tell" | "warn" | "message" | "text" | "contact" | "escalate" | "share" | "send" | "update" | "confirm" | "announce")
            || act.frame.objects.iter().any(|phrase| matches!(phrase.head.as_str(), "notification" | "alert" | "reminder" | "message" | "confirmation"));
        let others = act.frame.recipients.iter().chain(&act.frame.objects).chain(act.places()).any(|phrase| {
            self.known.is_person(&phrase.head) && !matches!(phrase.head.as_str(), "me" | "us")
        });
        self.cover_frame(act);
        self.cover_carriers(act);
        // The same thing said again: it is sent already.
        if self.delivered > 0 && calls && !others {
            return self.cover.add(&act.clause.span);
        }
        self.done += 1;
        let must = matches!(act.plain_lemma(), "alert" | "notify" | "ping" | "warn");
        if calls && (must || alone || guarded || others || act.plain_lemma() == "remind" || act.plain_lemma() == "share") {
            let what = self.text(&act.clause.span);
            self.question(
                &format!("By which way should it go: e-mail, Slack, Telegram or Discord? (\"{}\")", super::say::shortened(what, 90)),
                "channel",
                "E-mail to me@example.com",
            );
            return;
        }
        if let (None, Some(text)) = &content {
            let flow = self.draft.ask("Text", "", AskKind::Long, Some(json!(text)));
            self.draft.output("Message", &flow);
            return;
        }
        if let (Some(datum), None) = content
            && self.draft.data.get(datum).is_some_and(|datum| !datum.open.is_empty())
        {
            let words = act.instruction();
            let step = self.ask_model(act, &words, &[], &[datum], None);
            self.made(step, Vec::new(), None, &[datum]);
        }
    }

    /// "a message", "as a notification": the words for the thing itself say nothing more.
    fn cover_carriers(&mut self, act: &Act<'_>) {
        let spans: Vec<_> = act
            .phrases()
            .filter(|phrase| self.known.is_carrier(&phrase.head) || self.known.is_person(&phrase.head) || !phrase.services.is_empty())
            .map(core)
            .collect();
        for span in spans {
            self.cover.add(&span);
        }
    }

    // ----- operations of services

    /// Title and text of what was written with both.
    pub(super) fn titled(&mut self, datum: usize) -> Option<(Flow, Flow)> {
        let wanted = ["title", "text"];
        let datum = self.draft.data.get(datum).filter(|datum| datum.made && datum.flow.fields == wanted)?.clone();
        let block = self.known.catalogue.by_name("FindInDictionaryBlock")?;
        let [title, text] = wanted.map(|key| {
            let step = self.step_of(block, &format!("Take the {key} out of it"), &[("key", json!(key))], &[("input", datum.flow.clone())]);
            let mut flow = self.draft.flow(step, "output");
            key.clone_into(&mut flow.name);
            flow
        });
        Some((title, text))
    }

    /// What goes into an operation: the datum it names, written first if it is a text that nobody wrote yet.
    pub(super) fn content_for(&mut self, act: &Act<'r>, block: &'k Block, each: bool) -> (Option<usize>, Option<usize>) {
        let quoted = act.values().find_map(|(at, value)| match value {
            Value::Quoted(text) => Some((at, text.clone())),
            _ => None,
        });
        let writes = matches!(act.lemma().as_str(), "write" | "draft" | "create" | "generate" | "compose" | "make" | "file" | "reply" | "comment" | "respond" | "answer" | "open" | "raise");
        let body = self.known.content_input(block).is_some();
        let mut named: Option<usize> = None;
        let objects: Vec<&Phrase> = act.frame.objects.iter().collect();
        let makes = self.is(act, Class::Make) || self.is(act, Class::Store);
        let from = act.arguments(&["with", "from", "of", "containing"]).map(|argument| &argument.phrase);
        let per = act.arguments(&["for"]).map(|argument| &argument.phrase).filter(|phrase| phrase.determiner == Determiner::Each);
        for phrase in per.chain(objects.iter().copied()).chain(from) {
            // "create a task": it is not there yet.
            let new = phrase.determiner == Determiner::Some && objects.iter().any(|object| object.span == phrase.span);
            if new && !self.known.serves(block, Class::Fetch) && (self.is(act, Class::Make) || self.is(act, Class::Store)) {
                continue;
            }
            // What is to be made is not read.
            if let Some(datum) = self.part(phrase) {
                named = Some(if phrase.plural { self.single(datum) } else { datum });
                break;
            }
            let made_here = makes && objects.iter().any(|object| object.span == phrase.span) && names(phrase).iter().any(|noun| self.known.concerns(block, noun));
            if made_here {
                continue;
            }
            if let Some(datum) = self.part(phrase) {
                named = Some(if phrase.plural { self.single(datum) } else { datum });
                break;
            }
            let from = act.origins().iter().any(|origin| origin.span == phrase.span);
            if from && let Some(service) = self.unreadable(act, phrase) {
                self.unknown_service(act, &service, super::build::Part::Source);
            }
            if let Some(datum) = self.refer(phrase) {
                named = Some(datum);
                break;
            }
            let source = self.source_of(act, phrase, &[]).filter(|source| source.block.id != block.id);
            let origin = act.origins().iter().any(|origin| origin.span == phrase.span);
            if source.is_some_and(|source| source.named || origin || phrase.determiner == Determiner::Each) && !act.places().iter().any(|place| place.span == phrase.span) {
                named = self.fetch(act, phrase, &[]);
                break;
            }
        }
        // The entry that the operation works on is the one that was read, not what was thought about it.
        let needs_id = block.required_inputs().any(|name| super::fill::id_key(name).is_some());
        let service = self.known.meaning(block).service.as_deref();
        let read = self.draft.data.iter().rposition(|datum| !datum.receipt && !datum.made && datum.service.as_deref() == service && service.is_some());
        if let (true, Some(read)) = (needs_id && named.is_none_or(|named| self.draft.data.get(named).is_some_and(|datum| !datum.made)), read) {
            named = Some(read);
        }
        let mut item = named.or_else(|| self.pending().last().copied());
        let list = item.and_then(|item| self.draft.data.get(item)).is_some_and(|datum| datum.flow.is_list() && !datum.single);
        let takes_many = block.required_inputs().any(|name| matches!(name, "records" | "rows" | "entries"));
        if let (Some(index), true) = (item, each || (list && !takes_many && self.known.serves(block, Class::Store))) {
            item = Some(self.single(index));
        }
        let made = item.and_then(|item| self.draft.data.get(item)).is_some_and(|datum| datum.made);
        let summary = objects.iter().any(|phrase| self.is_product(act, phrase) && !self.refers_to_made(phrase));
        let writes = writes || summary && !made;
        let new_text = summary || objects.iter().any(|phrase| self.is_product(act, phrase) || self.known.is_carrier(&phrase.head)) && named.is_none();
        if quoted.is_none() && writes && body && (new_text || item.is_some()) && !made {
            let data: Vec<usize> = item.into_iter().collect();
            let data = if data.is_empty() { self.thought_about(act) } else { data };
            let words = format!("Write what is needed for this: {}", act.instruction());
            let manners = self.manners(act);
            // A title is written with the text.
            let keys = self.known.title_input(block).filter(|_| self.called(act).is_none()).map(|_| vec!["title".to_owned(), "text".to_owned()]);
            let step = self.ask_model(act, &words, &manners, &data, keys.as_deref());
            self.made(step, vec!["text".to_owned()], keys, &data);
            self.cover.add(&act.clause.span);
            return (Some(self.draft.data.len() - 1), item);
        }
        (item, item)
    }
}
