//! Over which channel a message goes.

use super::tell::Channel;
use crate::{
    catalogue::{Action, Block},
    knowledge::Class,
    plan::{
        clauses::act::{self, Act, names},
        steps::build::Builder,
        wording::media,
    },
    reading::{Determiner, Phrase, TokenKind, Value},
};

/// What a CRM holds beside contacts and companies.
const RECORDS: [&str; 10] =
    ["deal", "ticket", "note", "task", "quote", "pipeline", "opportunity", "activity", "call", "stage"];

impl<'k, 'r> Builder<'k, 'r> {
    /// The channel that an act names: by a service, a `#channel`, an address, or the words "mail", "tweet".
    pub(in crate::plan) fn channel(&self, act: &Act<'r>) -> Option<Channel<'k, 'r>> {
        let tells = self.is(act, Class::Tell)
            || self.is(act, Class::Store)
            || act.frame.verb.is_none()
            || self.is(act, Class::Make);
        if !tells
            || matches!(act.plain_lemma(), "turn" | "convert" | "transform" | "repurpose" | "rewrite" | "translate")
        {
            return None;
        }
        // "Save the attachments in Gmail to a sheet": what stands behind "in" is where they are.
        let target = act.arguments(&["to", "into", "onto"]).any(|argument| !argument.phrase.services.is_empty());
        let inside = |phrase: &&Phrase| {
            target && act.arguments(&["in", "on", "at"]).any(|argument| argument.phrase.span == phrase.span)
        };
        let places: Vec<&'r Phrase> = act.places().into_iter().filter(|phrase| !inside(phrase)).collect();
        let objects = || act.frame.objects.iter();
        // "Save the attachments in Gmail to Notion": Gmail is where they come from.
        let kept = act.arguments(&["to", "into", "onto"]).flat_map(|argument| &argument.phrase.services);
        let kept =
            kept.into_iter().find(|service| self.known.channel(service).is_none() && self.known.has_service(service));
        if kept.is_some() && self.is(act, Class::Store) {
            return None;
        }
        // "Answer my questions about the mails in my Gmail": that is where the answers stand.
        let question = objects().any(|phrase| phrase.head == "question");
        if act.plain_lemma() == "answer" && question && act.arguments(&["about"]).next().is_some() {
            return None;
        }
        let mut foreign = None;
        // "Slack me the new ones"
        if act.plain_lemma() == "slack" {
            return self.known.channel("Slack").map(|block| Channel::Block(block, None));
        }
        // "write a mail to them from Gmail"
        let mail = objects().any(|phrase| phrase.head == "email" || phrase.head.ends_with(" email"));
        let sender = act
            .origins()
            .into_iter()
            .find(|phrase| mail && phrase.services.iter().any(|service| self.known.channel(service).is_some()));
        // "Send a mail to all subscribers with the links from our Discord": a mail goes by mail.
        let letter = mail && objects().all(|phrase| phrase.determiner == Determiner::Some && !phrase.plural);
        // "Write a welcome mail and send it": written first.
        let later = self.next_acts(act).take(1).any(|next| {
            let it = !next.frame.objects.is_empty() && next.frame.objects.iter().all(|phrase| phrase.pronoun);
            it && next.frame.verb.is_some() && self.is(&next, Class::Tell)
        });
        let later = later && matches!(act.plain_lemma(), "write" | "draft" | "compose");
        let letter = letter && !later && matches!(act.plain_lemma(), "send" | "write" | "email" | "mail");
        let by_mail = |block: &Block| {
            ["to_email", "to", "recipients"].iter().any(|name| block.input_schema().properties.get(name).is_some())
        };
        for phrase in places.iter().copied().chain(&act.frame.recipients).chain(objects()).chain(sender) {
            // "write a LinkedIn post": a text for LinkedIn, not yet a post on it.
            let text = self.only_drafts(act) && !phrase.head.is_empty() && act.frame.recipients.is_empty();
            if text && objects().any(|object| object.span == phrase.span) && self.is_product(act, phrase) {
                continue;
            }
            // "unread Gmail mails, summed up": those that are there.
            let there = act.frame.verb.is_none() && phrase.plural && places.is_empty();
            if there && self.fetchable(act, phrase) {
                continue;
            }
            for service in &phrase.services {
                if let Some(block) = self.known.channel(service) {
                    if letter && !by_mail(block) {
                        continue;
                    }
                    // "Send me the number of GitHub stars": nothing is put on GitHub.
                    let mine = act.frame.recipients.iter().any(|to| matches!(to.head.as_str(), "me" | "us"));
                    let given = mine && self.known.meaning(block).action != Action::Send;
                    if given && objects().any(|object| object.span == phrase.span) {
                        continue;
                    }
                    return Some(Channel::Block(block, Some(phrase)));
                }
                let unknown = !self.known.has_service(service) && !self.known.is_passive(service);
                // "Send an SMS the day before": what is sent says over what.
                let sent = phrase.determiner == Determiner::Some
                    && (phrase.head.is_empty() || self.known.is_carrier(&phrase.head))
                    && self.is(act, Class::Tell)
                    && objects().next().is_some_and(|first| first.span == phrase.span);
                if unknown && (sent || places.iter().any(|place| std::ptr::eq(*place, phrase))) {
                    foreign.get_or_insert_with(|| service.clone());
                }
            }
        }
        let sms = |phrase: &Phrase| phrase.head == "text message" && phrase.services.is_empty();
        if objects().any(sms) || places.iter().any(|place| sms(place)) {
            foreign.get_or_insert_with(|| "SMS".to_owned());
        }
        if let Some(name) = foreign {
            return Some(Channel::Foreign(name));
        }
        for (at, value) in act.values() {
            // "the posts from r/rust": read, not written to.
            if act.arguments(&["from", "of", "out of"]).any(|argument| argument.phrase.span.contains(&at)) {
                continue;
            }
            let service = match value {
                Value::Channel(_) if letter => continue,
                // "Collect the questions from the mails to support@…": those are read.
                Value::Email(_) if self.is(act, Class::Fetch) && !self.is(act, Class::Tell) => continue,
                Value::Channel(_) => "Slack",
                Value::Email(_) => "email",
                Value::Subreddit(_) => "Reddit",
                _ => continue,
            };
            let phrase = act.phrases().find(|phrase| phrase.values.contains(&at));
            let service = if service == "Slack" { self.chat_service()? } else { service };
            return self.known.channel(service).map(|block| Channel::Block(block, phrase));
        }
        // "write them a mail"
        let written = !later
            && act.plain_lemma() == "write"
            && act.frame.recipients.iter().any(|phrase| {
                self.known.is_person(&phrase.head) && !matches!(phrase.head.as_str(), "me" | "us" | "each")
            })
            && objects().any(|phrase| phrase.head.rsplit(' ').next() == Some("email"));
        if written {
            return self.known.channel("email").map(|block| Channel::Block(block, None));
        }
        let mails = matches!(act.plain_lemma(), "email" | "mail")
            || letter
            || places.iter().any(|phrase| {
                // "a link to the mail" that was read
                let read = phrase.determiner == Determiner::The && self.refer(phrase).is_some();
                matches!(phrase.head.as_str(), "email" | "address" | "email address")
                    && !(read && phrase.head == "email")
            });
        // "give the host name, contact mail and audience size": a part of what is given.
        let listed = |phrase: &Phrase| {
            matches!(phrase.determiner, Determiner::None | Determiner::The)
                && objects().any(|other| other.span != phrase.span && !self.known.is_carrier(&other.head))
        };
        let sends_mail = objects().filter(|phrase| !listed(phrase)).any(|phrase| {
            names(phrase).iter().any(|name| name == "email" || name.ends_with(" email") || name.starts_with("email "))
                && (self.is(act, Class::Tell) || act.frame.verb.is_none() && phrase.determiner == Determiner::Some)
                && !matches!(phrase.determiner, Determiner::The | Determiner::Mine)
        });
        if mails
            || (sends_mail
                && !matches!(
                    act.plain_lemma(),
                    "answer" | "reply" | "respond" | "report" | "write" | "draft" | "create" | "put"
                )
                && !(matches!(act.plain_lemma(), "get" | "receive") && objects().any(|phrase| phrase.plural)))
        {
            return self.known.channel("email").map(|block| Channel::Block(block, None));
        }
        if matches!(act.plain_lemma(), "tweet" | "retweet")
            || objects().any(|phrase| phrase.head == "tweet" && act.plain_lemma() == "post")
        {
            return self.known.channel("Twitter").map(|block| Channel::Block(block, None));
        }
        None
    }

    /// "to a Google Drive folder": a service of the catalogue that nothing can be put into.
    pub(in crate::plan) fn closed_place(&self, act: &Act<'_>) -> Option<String> {
        let into = act.arguments(&["to", "into", "onto"]).flat_map(|argument| &argument.phrase.services);
        let stores = self.is(act, Class::Store) && !self.is(act, Class::Think);
        let closed = |service: &&String| {
            let blocks = self.known.catalogue.blocks_of(service);
            let takes = |at: &usize| {
                let block = self.known.catalogue.blocks().get(*at);
                let classes = [Class::Store, Class::Tell, Class::Make, Class::Change];
                block.is_some_and(|block| {
                    !block.is_agent_input() && classes.iter().any(|class| self.known.serves(block, *class))
                })
            };
            !blocks.is_empty() && !blocks.iter().any(takes)
        };
        into.into_iter().find(|service| stores && closed(service)).cloned()
    }

    /// Whether a text for a service is only written: it is published later, if at all.
    pub(in crate::plan) fn only_drafts(&self, act: &Act<'r>) -> bool {
        let later = || self.next_acts(act).any(|next| matches!(next.plain_lemma(), "publish" | "post" | "share"));
        match act.plain_lemma() {
            "write" | "draft" | "compose" | "craft" | "generate" => true,
            "create" | "make" | "prepare" | "produce" => later() || self.is_no_post(act),
            _ => false,
        }
    }

    /// "a LinkedIn content plan": nothing that LinkedIn has.
    fn is_no_post(&self, act: &Act<'r>) -> bool {
        let has = |block: &'k Block, phrase: &Phrase| {
            let objects = &self.known.meaning(block).objects;
            names(phrase).iter().any(|name| objects.contains(name) || name == "post" || media::is_medium(name))
        };
        let mut objects = act.frame.objects.iter().filter(|phrase| !phrase.head.is_empty());
        objects.any(|phrase| {
            let channels = phrase.services.iter().filter_map(|service| self.known.channel(service));
            channels.into_iter().any(|block| !has(block, phrase))
        })
    }

    /// Makes something that the service has, but that this block does not make: "create a GitHub release".
    pub(in crate::plan) fn makes_other(&self, act: &Act<'r>, block: &'k Block) -> bool {
        let Some(service) = self.known.meaning(block).service.as_deref() else { return false };
        // "publish it as a GitHub release"
        let becomes =
            act.arguments(&["as"]).map(|argument| &argument.phrase).filter(|phrase| !phrase.services.is_empty());
        let things: Vec<&Phrase> = match becomes.into_iter().next() {
            Some(phrase) => vec![phrase],
            None => act.frame.objects.iter().collect(),
        };
        let nouns: Vec<String> = things.iter().flat_map(|phrase| names(phrase)).collect();
        // "a WordPress post": a blog post.
        let same = |object: &String, noun: &String| object == noun || object.ends_with(&format!(" {noun}"));
        let has = |objects: &[String]| nouns.iter().any(|noun| objects.iter().any(|object| same(object, noun)));
        let known = &self.known.catalogue;
        let other = known.blocks_of(service).iter().any(|at| has(&known.meaning(*at).objects));
        let new = things.iter().any(|phrase| phrase.determiner == Determiner::Some);
        let creates = new && matches!(act.plain_lemma(), "create" | "make" | "generate" | "draft" | "publish" | "post");
        // "log it as a note in HubSpot": a note is no contact.
        let things = act.frame.objects.iter().chain(act.arguments(&["as"]).map(|argument| &argument.phrase));
        let record = !self.known.serves(block, Class::Tell) && service == "HubSpot";
        let record = record && things.into_iter().any(|phrase| RECORDS.contains(&phrase.head.as_str()));
        (creates && other || record) && !has(&self.known.meaning(block).objects)
    }

    /// "to Discord and Telegram": the channels beside the first, unless they stand to choice.
    pub(in crate::plan) fn other_channels(&self, act: &Act<'r>, first: &Block) -> Vec<(&'k Block, Option<&'r Phrase>)> {
        let mut taken = vec![first.id.as_str()];
        let mut others = Vec::new();
        // "post the mails in Gmail to Slack": where they are.
        let target = act.arguments(&["to", "into", "onto"]).any(|argument| !argument.phrase.services.is_empty());
        let read = |phrase: &&Phrase| {
            target && act.arguments(&["in", "on", "at"]).any(|argument| argument.phrase.span == phrase.span)
                || act.frame.objects.iter().any(|object| object.span == phrase.span) && phrase.plural
        };
        let places = act.places();
        for phrase in places.into_iter().chain(&act.frame.recipients).chain(&act.frame.objects).filter(|at| !read(at)) {
            let chosen = phrase.span.start.checked_sub(1).is_some_and(|before| {
                matches!(self.reading.tokens.get(before).map(|token| &token.kind), Some(TokenKind::Word(word)) if word == "or")
            });
            let own = self.known.meaning(first).service.as_deref();
            let others_of = phrase.services.iter().filter(|service| own != Some(service.as_str()));
            for block in others_of.filter_map(|service| self.known.channel(service)) {
                if !taken.contains(&block.id.as_str()) && !chosen {
                    taken.push(&block.id);
                    others.push((block, Some(phrase)));
                }
            }
        }
        others
    }

    /// Somebody else than the person hears of it.
    pub(in crate::plan) fn goes_to_others(&self, act: &Act<'_>) -> bool {
        let frame = act.frame;
        let mut people = frame.recipients.iter().chain(&frame.objects).chain(act.places());
        people.any(|phrase| self.known.is_person(&phrase.head) && !matches!(phrase.head.as_str(), "me" | "us"))
    }

    /// The chat service that the goal speaks of anywhere.
    pub(in crate::plan) fn chat_service(&self) -> Option<&'static str> {
        let said = act::services_of(self.reading);
        // "A Discord bot that …"
        let word = |service: &str| {
            let mut words = self.reading.tokens.iter().filter_map(crate::reading::Token::word);
            words.any(|word| service.eq_ignore_ascii_case(word))
        };
        let chats = ["Discord", "Telegram", "Slack"];
        let named = chats.into_iter().find(|service| said.iter().any(|name| name == service));
        named.or_else(|| chats.into_iter().find(|service| word(service)))
    }

    pub(in crate::plan) fn usual_channel(&self, act: &Act<'_>) -> Option<&'k Block> {
        // An answer goes back where the message came from.
        if matches!(act.plain_lemma(), "answer" | "reply" | "respond") {
            let service = self
                .draft
                .data
                .iter()
                .rev()
                .find_map(|datum| datum.service.as_deref().filter(|service| self.known.channel(service).is_some()));
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
        let other = self.goes_to_others(act);
        // "If it rains remind me on Telegram, if it is sunny remind me of …": another case, told the same way.
        let case =
            self.held_by().is_some() && act.frame.recipients.iter().any(|to| matches!(to.head.as_str(), "me" | "us"));
        let mail = |block: &Block| block.name == "SendEmailBlock" || block.name == "GmailSendBlock";
        if let Some(block) = before.filter(|block| case || other && mail(block)) {
            return Some(block);
        }
        // "Write a cold email, then send it": what was written as a mail goes by mail, whatever else was read.
        let written = self.draft.data.iter().rev().find(|datum| datum.made);
        let mail = written.is_some_and(|datum| datum.nouns.iter().any(|noun| noun.rsplit(' ').next() == Some("email")));
        let it =
            act.frame.objects.iter().all(|phrase| phrase.pronoun || phrase.head.rsplit(' ').next() == Some("email"));
        if mail && it && matches!(act.plain_lemma(), "send" | "forward") {
            return self.known.channel("email");
        }
        // "Write a tweet and post it"
        let mut made = self.draft.data.iter().rev().take(2).filter(|datum| datum.made);
        let tweet = made.any(|datum| datum.nouns.iter().any(|noun| noun == "tweet"));
        if tweet && matches!(act.plain_lemma(), "publish" | "post" | "share") {
            return self.known.channel("Twitter");
        }
        if let Some(block) = self.meant_channel().filter(|_| matches!(act.plain_lemma(), "publish" | "post" | "share"))
        {
            return Some(block);
        }
        // The only channel that the goal speaks of: "make a LinkedIn post of it, and publish it".
        let mut named: Vec<&Block> =
            act::services_of(self.reading).iter().filter_map(|service| self.known.channel(service)).collect();
        named.dedup_by(|a, b| a.id == b.id);
        // "send me a summary": what is published there is for everybody.
        let private = act.frame.recipients.iter().any(|phrase| matches!(phrase.head.as_str(), "me" | "us"));
        named.retain(|block| !private || self.known.meaning(block).action == Action::Send);
        if let [block] = named.as_slice()
            && matches!(act.plain_lemma(), "publish" | "post" | "send" | "share" | "tweet" | "forward" | "upload")
        {
            return Some(*block);
        }
        if self.context.is_some_and(|context| {
            context.tokens.iter().any(|token| {
                matches!(&token.kind, TokenKind::Value(Value::Email(_)))
                    || matches!(&token.kind, TokenKind::Word(word) if word == "email" || word == "mail")
            })
        }) {
            return self.known.channel("email");
        }
        None
    }
}
