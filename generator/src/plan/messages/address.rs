//! To whom a message goes: an address in the goal, one in the entry, or one that the person gives.

use serde_json::json;

use crate::{
    catalogue::{Block, schema::Types},
    plan::{
        clauses::{
            act::{Act, core, names},
            recut::is_joint,
        },
        model::{Binding, Input},
        steps::{
            build::Builder,
            draft::{AskKind, Flow},
        },
    },
    reading::{Determiner, Phrase, Role, TokenKind, Value},
};

/// What the person is asked for if a message goes to them.
pub(in crate::plan) const OWN_ADDRESS: &str = "Your e-mail address";
/// What stands behind the name of somebody else.
pub(in crate::plan) const THEIR_ADDRESS: &str = " e-mail address";

/// Where mail goes that is nobody.
const PLACES: [&str; 7] = ["address", "inbox", "email", "list", "end", "top", "channel"];

impl<'k, 'r> Builder<'k, 'r> {
    /// "I have a list of mail addresses": the person gives it.
    pub(in crate::plan) fn possession(&mut self) {
        let frames = self
            .reading
            .clauses
            .iter()
            .filter(|clause| clause.role == Role::Background)
            .filter_map(|clause| clause.frame.as_ref());
        let owned = frames
            .filter(|frame| frame.verb.as_ref().is_some_and(|verb| verb.lemma == "have"))
            .flat_map(|frame| frame.objects.iter().cloned())
            .find(|phrase| phrase.plural || phrase.head == "list");
        let Some(mut phrase) = owned else { return };
        // "a list of mail addresses": the addresses.
        let inner = self
            .reading
            .clauses
            .iter()
            .filter_map(|clause| clause.frame.as_ref())
            .flat_map(|frame| &frame.arguments)
            .find(|argument| {
                phrase.head == "list"
                    && argument.preposition == "of"
                    && argument.phrase.span.start >= phrase.span.end
                    && argument.phrase.span.start <= phrase.span.end + 2
            });
        if let Some(inner) = inner {
            phrase = inner.phrase.clone();
        }
        let name = self.name_of(&phrase);
        let flow = self.draft.ask(&name, "", AskKind::List, None);
        let datum = self.draft.given(flow, names(&phrase));
        if let Some(datum) = self.draft.data.get_mut(datum) {
            datum.flow.types = Types::ARRAY;
        }
    }

    pub(in crate::plan) fn goes_to_each(&self, act: &Act<'_>) -> bool {
        let people = act.frame.recipients.iter().chain(act.places()).chain(act.subjects());
        act.frame.objects.iter().any(|phrase| phrase.determiner == Determiner::Each || phrase.head.starts_with("each"))
            || people.into_iter().any(|phrase| {
                phrase.determiner == Determiner::Each
                    || phrase.head.starts_with("each")
                    || (self.known.is_item_person(&phrase.head)
                        && !matches!(phrase.determiner, Determiner::Mine)
                        && self.latest().is_some_and(|datum| {
                            self.draft.data.get(datum).is_some_and(|datum| datum.address.is_some() || datum.single)
                        }))
            })
    }

    /// The address of the message: in the goal, in the entry, or asked for by role.
    pub(in crate::plan) fn address_of(
        &mut self,
        act: &Act<'r>,
        content: Option<usize>,
        block: &Block,
    ) -> Option<Binding> {
        let wants = block
            .input_schema()
            .properties
            .iter()
            .map(|(name, _)| name.to_owned())
            .find(|name| matches!(name.as_str(), "to_email" | "to" | "recipient" | "recipients"))?;
        let types = block.input_type(&wants).unwrap_or(Types::ANY);
        let from = self.senders();
        let given = self.values().find_map(|value| match value {
            Value::Email(mail) if !from.contains(&mail) => Some(mail.clone()),
            _ => None,
        });
        let mails = || {
            act.values().filter_map(|(at, value)| match value {
                Value::Email(mail) if !from.contains(&mail) => Some((at, mail.clone())),
                _ => None,
            })
        };
        let own = mails().find(|(at, _)| !self.cover.has(*at)).or_else(|| mails().next());
        if let Some((at, mail)) = own {
            // "the baker at bernd@…", "my accountant, Jo Smith <jo@…>": one recipient.
            let ends = |span: &std::ops::Range<usize>| span.end <= at + 1 && span.end + 6 > at;
            let told = act.frame.recipients.iter().chain(act.arguments(&["to", "with"]).map(|to| &to.phrase));
            let named = told.map(core).filter(ends).map(|span| span.start).min();
            self.cover.close(&(named.unwrap_or(at)..at));
            self.cover.add(&(at..at + 1));
            // "to me and my wife (anna@…)": a mail goes to one address.
            let mine = act.frame.recipients.iter().chain(act.arguments(&["to"]).map(|to| &to.phrase));
            let mine = mine.into_iter().find(|phrase| phrase.pronoun && matches!(phrase.head.as_str(), "me" | "us"));
            let joined = |me: &&Phrase| !me.span.is_empty() && is_joint(self.reading, me.span.end);
            if let Some(me) = mine.filter(joined).filter(|_| wants == "to_email") {
                let text = self.text(&me.span).to_owned();
                self.leave(
                    &text,
                    crate::plan::model::Reason::NotSupported,
                    "this mail goes to one address; ask for a second mail to yours",
                );
            }
            return Some(Binding::Value(json!(mail)));
        }
        let told = act.frame.recipients.iter().chain(act.arguments(&["to", "for", "with"]).map(|to| &to.phrase));
        // "mail it to the donor": whoever gets mail is somebody.
        let mails = matches!(act.plain_lemma(), "mail" | "email") && act.frame.recipients.is_empty();
        let somebody = |phrase: &Phrase| {
            let place = phrase.head.rsplit(' ').next().is_some_and(|head| PLACES.contains(&head));
            let named = phrase.determiner == Determiner::The && !phrase.pronoun && !phrase.head.is_empty();
            mails && named && !place && phrase.services.is_empty() && phrase.values.is_empty()
        };
        let to: Vec<&Phrase> = act.arguments(&["to"]).map(|to| &to.phrase).filter(|phrase| somebody(phrase)).collect();
        let mut people: Vec<&Phrase> =
            told.filter(|phrase| self.known.is_person(&phrase.head) || to.contains(phrase)).collect();
        // "mail them to the team": they are no people.
        let things = |phrase: &&Phrase| !people.is_empty() && phrase.pronoun && phrase.head.ends_with("them");
        let objects = act.frame.objects.iter().filter(|phrase| self.known.is_person(&phrase.head) && !things(phrase));
        let objects: Vec<&Phrase> = objects.collect();
        people.extend(objects);
        let me = |phrase: &&Phrase| {
            matches!(phrase.head.as_str(), "me" | "us" | "")
                || phrase.pronoun && matches!(phrase.head.as_str(), "me" | "us")
        };
        let item = people.iter().any(|phrase| !me(phrase) && self.known.is_item_person(&phrase.head))
            || act.places().iter().any(|phrase| {
                matches!(phrase.head.as_str(), "address" | "email address") && phrase.determiner != Determiner::Mine
            });
        if item && let Some(flow) = content.and_then(|datum| self.mail_of_item(datum)) {
            return Some(self.draft.fit(&flow, types).binding());
        }
        let others = || people.iter().filter(|phrase| !me(phrase) && !phrase.pronoun);
        let open = |phrase: &Phrase| !self.cover.has(phrase.span.start);
        let own = people.iter().find(|phrase| me(phrase) && open(phrase)).map(|phrase| core(phrase));
        let other = match others().find(|phrase| open(phrase)) {
            None if own.is_some() && others().next().is_some() => None,
            other => other.or_else(|| others().next()),
        };
        let name = match other {
            Some(phrase) => {
                self.cover.add(&core(phrase));
                let whose = self.name_of(phrase);
                let mark = if whose.ends_with('s') { "'" } else { "'s" };
                format!("{whose}{mark}{THEIR_ADDRESS}")
            }
            None => {
                own.iter().for_each(|span| self.cover.add(span));
                if let Some(mail) = given.filter(|_| others().next().is_none()) {
                    let at = self
                        .reading
                        .tokens
                        .iter()
                        .position(|token| token.kind == TokenKind::Value(Value::Email(mail.clone())));
                    if at.is_none_or(|at| !self.cover.has(at)) {
                        if let Some(at) = at {
                            self.cover.add(&(at..at + 1));
                        }
                        return Some(Binding::Value(json!(mail)));
                    }
                }
                OWN_ADDRESS.to_owned()
            }
        };
        let flow = self.draft.ask(&name, "Where the message goes", AskKind::Text, None);
        Some(self.draft.fit(&flow, types).binding())
    }

    /// Whom a draft is for: whoever the entry is about, or who is named.
    pub(in crate::plan) fn drafted_to(
        &mut self,
        act: &Act<'r>,
        block: &Block,
        content: Option<usize>,
    ) -> Option<Binding> {
        if block.name != "GmailCreateDraftBlock" {
            return None;
        }
        if self.goes_to_each(act) {
            let types = block.input_type("to").unwrap_or(Types::ANY);
            let flow = content.and_then(|datum| self.mail_of_item(datum))?;
            return Some(self.draft.fit(&flow, types).binding());
        }
        let to = act.arguments(&["to", "for"]).map(|argument| &argument.phrase);
        let named = |phrase: &Phrase| self.known.is_person(&phrase.head) && !phrase.pronoun;
        let named = act.frame.recipients.iter().chain(to).any(named);
        if named { self.address_of(act, content, block) } else { None }
    }

    /// "from my address X": mail addresses that nothing is sent to.
    pub(in crate::plan) fn senders(&self) -> Vec<&'r String> {
        let tokens = &self.reading.tokens;
        let from = |at: usize| {
            let before = tokens.get(at.saturating_sub(3)..at).unwrap_or_default();
            // "from a@example.com to b@example.com"
            let way = before.iter().rev().find_map(|token| token.word().filter(|word| matches!(*word, "from" | "to")));
            way == Some("from")
        };
        let mails = tokens.iter().enumerate().filter_map(|(at, token)| match token.value()? {
            Value::Email(mail) if from(at) => Some(mail),
            _ => None,
        });
        mails.collect()
    }

    /// "to anna@example.org and my boss": somebody who is named beside the first and has not got it yet.
    pub(in crate::plan) fn has_more_recipients(&self, act: &Act<'_>, block: &Block) -> bool {
        let listed = |phrases: &[&Phrase]| {
            let waits = |phrase: &&&Phrase| {
                let mail = |at: &usize| {
                    matches!(self.reading.tokens.get(*at).and_then(crate::reading::Token::value), Some(Value::Email(_)))
                };
                let person = self.known.is_person(&phrase.head) && !self.known.is_item_person(&phrase.head);
                phrase.values.iter().any(|at| mail(at) && !self.cover.has(*at))
                    || person && !self.cover.has(phrase.span.start)
            };
            phrases.len() > 1 && phrases.iter().any(|phrase| waits(&phrase))
        };
        let to: Vec<&Phrase> = act.arguments(&["to", "at"]).map(|argument| &argument.phrase).collect();
        let recipients: Vec<&Phrase> = act.frame.recipients.iter().collect();
        let properties = &block.input_schema().properties;
        ["to_email", "to", "recipient", "recipients"].iter().any(|name| properties.get(name).is_some())
            && (listed(&recipients) || listed(&to))
    }

    /// The mail address within the entry that is handled: of the form, the row, the mail.
    pub(in crate::plan) fn mail_of_item(&mut self, datum: usize) -> Option<Flow> {
        // The entry is what was read, not what was written about it.
        let address = self.draft.data.get(datum)?.address.clone();
        let entry = (0..=datum).rev().find(|at| {
            self.draft.data.get(*at).is_some_and(|entry| {
                !entry.made
                    && !entry.receipt
                    && self.is_there(entry)
                    && (entry.single || entry.address.is_some() && !entry.flow.is_list())
            })
        })?;
        // A list of addresses.
        if self.draft.data.get(entry)?.nouns.iter().any(|noun| noun.ends_with("address")) {
            return self.draft.data.get(entry).map(|entry| entry.flow.clone());
        }
        let field = self.draft.data.get(entry)?.address.clone().or(address).unwrap_or_else(|| "email".to_owned());
        let block = self.known.catalogue.by_name("FindInDictionaryBlock")?;
        let flow = self.draft.data.get(entry)?.flow.clone();
        let inputs = vec![
            Input { name: "input".to_owned(), binding: flow.binding() },
            Input { name: "key".to_owned(), binding: Binding::Value(json!(field)) },
        ];
        let id = block.id.clone();
        Some(self.draft.bridge(&id, "Find the address in the {}", "output", inputs, &flow, Types::ANY))
    }
}
