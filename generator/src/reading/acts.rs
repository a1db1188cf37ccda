//! Verb, noun or adjective: what stands around a word decides.

use super::{
    Determiner, Mark,
    classes::{Class, Group},
    inflection::{Bent, Form, Inflected},
    units::Raw,
    words::{Next, Settler, Tag, Unit},
};

impl Settler<'_> {
    /// The tag of a word that is no function word here.
    pub(super) fn content(&self, at: usize, raw: &Raw) -> Tag {
        let next = self.next(at);
        let key = raw.key.as_str();
        let Some(verb) =
            raw.verb.as_ref().filter(|verb| verb.form == Form::Base || !self.vocabulary.is(Group::Invariable, key))
        else {
            return match () {
                () if raw.adjective || self.raw(at + 1).is_some_and(|raw| raw.key == "ones") => Tag::Adjective,
                // "Rust or WebAssembly": a name.
                () if key.len() > 4 && key.ends_with("ly") && !(raw.capital && self.goes_on()) => {
                    Tag::Word(Class::Adverb)
                }
                () if key.len() > 5 && key.ends_with("ed") && !raw.capital => {
                    self.participle(next, false, raw.adjective, false)
                }
                () => Tag::Noun,
            };
        };
        // "summed up"
        let particles = self.vocabulary.particles(&verb.lemma);
        let after = self.raw(at + 1);
        let particle = after.is_some_and(|raw| particles.iter().any(|words| words.first() == Some(&raw.key)));
        let is_verb = match verb.form {
            Form::Base => self.base(at, raw, verb),
            Form::Third => self.third(at, verb),
            Form::Ing => self.gerund(at, raw, next),
            // "which, **given** a topic, writes …"
            Form::Ed if key == "given" && next == Next::Object => return Tag::Verb(Form::Ed),
            Form::Ed if self.past(at) => true,
            Form::Ed => return self.participle(next, true, raw.adjective, particle),
            Form::Past => true,
        };
        match verb.form {
            Form::Ed if is_verb => Tag::Verb(Form::Past),
            form if is_verb => Tag::Verb(form),
            _ if raw.adjective => Tag::Adjective,
            Form::Ing if next == Next::Nominal => Tag::Adjective,
            _ => Tag::Noun,
        }
    }

    /// Whether a phrase that has begun ends with this word.
    pub(super) fn ends_phrase(&self, at: usize) -> bool {
        let begun = matches!(
            self.done.last().map(|unit| unit.tag),
            Some(Tag::Word(Class::Determiner(_)) | Tag::Adjective | Tag::Noun)
        );
        begun && self.next(at) != Next::Nominal
    }

    /// Whether a value with an article in front is the last that was read.
    fn measured(&self) -> bool {
        let before = self.done.iter().rev().nth(1);
        before.is_some_and(|unit| unit.tag == Tag::Word(Class::Determiner(Determiner::Some)))
    }

    /// Behind "that, when a row is added, …": what comes next is done by what "that" stands for.
    fn led(&self) -> bool {
        let same = |unit: &&Unit| !matches!(unit.tag, Tag::Mark(Mark::Stop | Mark::Line));
        let mut back = self.done.iter().rev().take(30).take_while(same);
        back.find(|unit| unit.is(Class::When) || unit.is(Class::If));
        back.find(|unit| unit.tag != Tag::Mark(Mark::Comma)).is_some_and(|unit| unit.is(Class::Relative))
    }

    /// Behind another word, and not at the start of a sentence.
    fn goes_on(&self) -> bool {
        self.before().is_some_and(|before| !matches!(before.tag, Tag::Mark(_)))
    }

    fn base(&self, at: usize, raw: &Raw, verb: &Inflected) -> bool {
        let next = self.next(at);
        let plain = verb.bent == Bent::Verb && !raw.adjective;
        let object = next == Next::Object;
        if self.named(at) || self.counted(verb.bent, next) {
            return false;
        }
        let Some(before) = self.before() else { return self.opening(at, raw, verb) };
        if self.behind_guard() && self.commands(at, before) {
            return true;
        }
        match before.tag {
            Tag::Word(Class::Modal | Class::Not | Class::Relative) => true,
            Tag::Word(Class::Question) => plain || next.phrase(),
            Tag::Word(Class::Pronoun) => plain || next.phrase() || before.narrator(),
            // "each task that is overdue **write** a reminder"
            Tag::Adjective => plain && object && self.done.iter().rev().nth(1).is_some_and(|unit| unit.lemma == "be"),
            Tag::Word(Class::Determiner(_)) => false,
            // "a 3-day travel itinerary"
            Tag::Value if next == Next::Nominal && self.measured() => false,
            Tag::Value => plain || object,
            Tag::Word(Class::Preposition) if before.lemma == "to" => {
                // "from page 1 to page 20", "to chat 987654 with …"
                let ends = |raw: &Raw| raw.mark.is_some() || !raw.functions.is_empty();
                let numbered = self.raw(at + 1).is_some_and(|raw| raw.value)
                    && (verb.bent == Bent::Noun || verb.bent == Bent::Either && self.raw(at + 2).is_none_or(ends));
                plain
                    || object && !numbered
                    || self.wants_infinitive() && !numbered
                    // "to automatically **reply**"
                    || self.done.last().is_some_and(|unit| unit.is(Class::Adverb))
                    || self.vocabulary.is(Group::Starters, &verb.lemma)
                    || verb.bent == Bent::Either && next == Next::Nominal
            }
            Tag::Word(Class::Preposition) => false,
            Tag::Noun | Tag::Service => {
                let subject = self.expects_verb && before.plural && !raw.adjective && next != Next::Finite;
                let actor = verb.bent == Bent::Either && next.phrase() && self.person(before);
                // "the bot text him": no noun stands before such a pronoun.
                let told = self.tells_somebody(at) && !before.possessive;
                plain && !before.possessive
                    || subject
                    || actor
                    || told
                    || raw.adjective && object && verb.bent == Bent::Verb
            }
            Tag::Verb(_) => {
                matches!(before.lemma.as_str(), "let" | "help" | "do")
                    || plain && before.lemma == "be"
                    || (plain || before.verb() == Some(Form::Third)) && !self.expects_verb && self.tells_somebody(at)
            }
            Tag::Word(Class::And) | Tag::Mark(Mark::Comma) => {
                let comma = before.tag == Tag::Mark(Mark::Comma);
                let series = self.forms.contains(&Form::Base) || self.forms.is_empty() || comma;
                let goes_on = next.phrase() || next == Next::Preposition && !self.listing();
                // "into Italian and Polish"
                let name = raw.capital && self.vocabulary.is(Group::Capitals, &raw.key);
                // "group by topic"
                let by = self.raw(at + 1).is_some_and(|raw| raw.key == "by");
                if verb.bent != Bent::Verb && next != Next::Object && self.field(at) {
                    return false;
                }
                plain && !name
                    || by && verb.bent != Bent::Verb && !raw.adjective
                    || object
                    || !raw.adjective && verb.bent == Bent::Either && series && goes_on
                    || !comma && self.replies_last(at, verb)
            }
            _ => self.opening(at, raw, verb),
        }
    }

    /// After "if …" or "when …" whose verb has come, with no mark since.
    fn behind_guard(&self) -> bool {
        let opens = |unit: &&Unit| {
            matches!(unit.tag, Tag::Mark(_) | Tag::Word(Class::When | Class::If | Class::Relative | Class::Question))
        };
        let opener = self.done.iter().rev().take(16).find(opens);
        !self.expects_verb && opener.is_some_and(|unit| unit.is(Class::When) || unit.is(Class::If))
    }

    /// "If it is a bug **post** it", "if it mentions a refund **label** the mail": an object follows, and no verb that it
    /// is the subject of.
    fn commands(&self, at: usize, before: &Unit) -> bool {
        let ends = match before.tag {
            Tag::Noun | Tag::Adjective | Tag::Value | Tag::Service | Tag::Verb(_) | Tag::Word(Class::Not) => true,
            Tag::Word(Class::Pronoun) => !self.vocabulary.is(Group::Subjects, &before.lemma),
            _ => false,
        };
        let object = self.raw(at + 1);
        // "… writes “hello” **reply** with a joke"
        let answers = self.raw(at).is_some_and(|raw| matches!(raw.key.as_str(), "reply" | "respond" | "answer"))
            && object.is_some_and(|raw| matches!(raw.key.as_str(), "with" | "to" | "by" | "that"));
        if ends && answers {
            return true;
        }
        let pronoun = object.is_some_and(|raw| matches!(raw.key.as_str(), "it" | "me" | "us" | "him" | "them"));
        let rest = self.raws.iter().skip(at + if pronoun { 2 } else { 3 }).take(if pronoun { 1 } else { 6 });
        let ends_phrase = |raw: &Raw| raw.mark.is_some() || raw.may_be(Class::And) || raw.may_be(Class::Preposition);
        let mut rest = rest.take_while(|raw| !ends_phrase(raw));
        ends && (pronoun
            || object.is_some_and(|raw| raw.determiner() && !raw.may_be(Class::Pronoun))
            || object.is_some_and(|raw| raw.value && raw.key.starts_with(['#', '@'])))
            && !rest.any(|raw| raw.may_be(Class::Modal) || raw.finite() || !pronoun && raw.verb.is_some())
    }

    /// "translate it and **reply**", "track the price and **tweet** when it moves"
    fn replies_last(&self, at: usize, verb: &Inflected) -> bool {
        let last = self.raw(at + 1).is_none_or(|raw| matches!(raw.mark, Some(Mark::Stop | Mark::Line)));
        let guarded = self.raw(at + 1).is_some_and(|raw| raw.may_be(Class::When) || raw.may_be(Class::If));
        let tells =
            verb.bent == Bent::Either && (verb.lemma == "tweet" || self.vocabulary.is(Group::Tellers, &verb.lemma));
        (last && verb.lemma == "reply" || guarded && tells) && self.forms.contains(&verb.form)
    }

    fn tells_somebody(&self, at: usize) -> bool {
        self.raw(at + 1).is_some_and(|raw| matches!(raw.key.as_str(), "me" | "us" | "him" | "them"))
    }

    /// "how many **emails** did I get", "what **time** is it"
    fn counted(&self, bent: Bent, next: Next) -> bool {
        let asked = self.before().filter(|unit| unit.is(Class::Question) && bent != Bent::Verb);
        asked.is_some_and(|unit| unit.lemma.starts_with("how m") || next == Next::Finite)
    }

    /// "create, update and delete each have …": what is spoken of, not what is to be done.
    fn named(&self, at: usize) -> bool {
        let listed = |raw: &&Raw| raw.imperative() || raw.may_be(Class::And) || raw.mark == Some(Mark::Comma);
        let mut rest = self.raws.iter().skip(at + 1).take(9).skip_while(listed);
        rest.next().is_some_and(|raw| matches!(raw.key.as_str(), "each" | "both" | "all"))
            && rest.next().is_some_and(Raw::finite)
    }

    /// Whether a bare noun stands before the last "and" or comma, and one before it: "likes, comments and shares".
    fn listing(&self) -> bool {
        let mut back = self.done.iter().rev().skip(1);
        back.next().is_some_and(|unit| unit.tag == Tag::Noun)
            && back
                .take(4)
                .find(|unit| unit.tag != Tag::Adjective)
                .is_some_and(|unit| matches!(unit.tag, Tag::Mark(Mark::Comma) | Tag::Word(Class::And)))
    }

    /// "their name and **email**", "the sender and **message** of …": a field beside another, and nobody is told.
    fn field(&self, at: usize) -> bool {
        let beside = self.done.iter().rev().nth(1).filter(|unit| unit.tag == Tag::Noun);
        let told = self
            .raw(at + 1)
            .is_some_and(|raw| matches!(raw.key.as_str(), "to" | "at" | "with" | "me" | "us" | "about"))
            && self
                .raw(at + 2)
                .is_some_and(|raw| raw.value || raw.key == "me" || self.vocabulary.is(Group::People, &raw.key));
        let last =
            |unit: &Unit| unit.lemma.rsplit(' ').next().is_some_and(|word| self.vocabulary.is(Group::Fields, word));
        let itself =
            |raw: &Raw| self.vocabulary.is(Group::Fields, &raw.key) || matches!(raw.key.as_str(), "message" | "text");
        !told && self.raw(at).is_some_and(itself) && beside.is_some_and(last)
    }

    /// "want to", "try to", "a way to", "possible to".
    fn wants_infinitive(&self) -> bool {
        let Some(unit) = self.done.iter().rev().nth(1) else { return true };
        match unit.tag {
            Tag::Verb(_) => self.vocabulary.is(Group::Raising, &unit.lemma),
            Tag::Noun => self.person(unit) || self.vocabulary.is(Group::Hooks, &unit.lemma),
            Tag::Adjective | Tag::Word(Class::Question) => true,
            Tag::Word(Class::Pronoun) => unit.lemma != "it" && unit.lemma != "them",
            _ => false,
        }
    }

    fn third(&self, at: usize, verb: &Inflected) -> bool {
        let next = self.next(at);
        let plain = verb.bent == Bent::Verb;
        // "customers' questions"
        let helps = matches!(verb.lemma.as_str(), "be" | "have");
        if self.counted(verb.bent, next) || self.before().is_some_and(|unit| unit.possessive && !helps) {
            return false;
        }
        let after = self.raw(at + 1);
        let goes = after.is_some_and(|raw| matches!(raw.key.as_str(), "to" | "into" | "through"))
            || self.vocabulary.is(Group::Starters, &verb.lemma) && after.is_some_and(|raw| raw.key != "of");
        // "Mails that mention …", "invoices entered in a form"
        let done = |raw: &Raw| raw.verb.as_ref().is_some_and(|verb| verb.form == Form::Ed && verb.bent == Bent::Verb);
        let narrowed = after.is_some_and(|raw| done(raw) && !raw.adjective || raw.may_be(Class::Relative))
            && (after.is_some_and(done) || self.raw(at + 2).is_some_and(|raw| raw.verb.is_some()));
        if narrowed && !plain && self.before().is_none_or(|before| matches!(before.tag, Tag::Mark(_))) {
            return false;
        }
        let Some(before) = self.before() else { return plain || next.phrase() || goes };
        let waits = self.expects_verb && !before.plural && next != Next::Finite;
        match before.tag {
            Tag::Word(Class::Relative | Class::Question | Class::Modal) => true,
            Tag::Word(Class::Pronoun) => !matches!(before.lemma.as_str(), "all" | "some" | "any" | "other" | "both"),
            Tag::Word(Class::Determiner(_) | Class::Preposition) | Tag::Adjective => helps,
            Tag::Noun => {
                let starts = self.vocabulary.is(Group::Starters, &verb.lemma);
                let actor = self.person(before) && (next.phrase() || next == Next::Preposition || starts);
                // "when the page changes send me a mail"
                let ends = self.expects_verb && !before.plural && self.tells_somebody(at + 1);
                // "PDF invoices I upload": who does something, and nothing that it is done to.
                let done_to = after.is_none_or(|raw| !matches!(raw.key.as_str(), "i" | "we" | "he" | "she" | "they"));
                plain || waits || actor || ends || !before.plural && next == Next::Object && done_to
            }
            // "two branches": counted, and nothing is done.
            Tag::Value if before.lemma.chars().all(char::is_alphabetic) => helps || waits,
            Tag::Value => plain || waits,
            Tag::Service => plain || waits || next == Next::Object,
            // "the file I upload is …"
            Tag::Verb(_) => verb.lemma == "be" && self.done.iter().rev().nth(1).is_some_and(Unit::narrator),
            Tag::Word(Class::And) | Tag::Mark(Mark::Comma) => {
                let led = before.tag == Tag::Mark(Mark::Comma) && !self.expects_verb && self.led();
                let series = self.forms.contains(&Form::Third) || self.forms.is_empty() || led;
                let goes_on = next == Next::Preposition && !self.listing() && verb.bent == Bent::Either;
                // "group them into features, fixes and chores": nobody is told "fixes".
                let told = self.forms.contains(&Form::Base) && !series && !self.expects_verb;
                plain && !told || series && (next.phrase() || goes_on) || self.replies_last(at, verb)
            }
            _ => plain || next.phrase() || goes,
        }
    }

    fn gerund(&self, at: usize, raw: &Raw, next: Next) -> bool {
        let goes_on = next.phrase() || next == Next::Preposition;
        let Some(before) = self.before() else { return goes_on && !raw.adjective };
        match before.tag {
            Tag::Word(Class::Determiner(_)) | Tag::Adjective => false,
            Tag::Verb(_) if before.lemma == "be" => true,
            _ if raw.adjective => false,
            Tag::Verb(_) => next == Next::Object || self.raw(at + 1).is_some_and(|raw| raw.may_be(Class::If)),
            Tag::Word(Class::Preposition) => goes_on || before.lemma == "by",
            _ => goes_on || before.tag == Tag::Noun,
        }
    }

    /// A verb in the past, or passive, or behind the noun it narrows; an adjective in front of one.
    fn participle(&self, next: Next, known: bool, adjective: bool, particle: bool) -> Tag {
        let verb = Tag::Verb(Form::Ed);
        let Some(before) = self.before() else {
            return if next == Next::Nominal || adjective { Tag::Adjective } else { verb };
        };
        // "are read, classified and labelled"
        let passive = || {
            let mut back = self.done.iter().rev().take(6).skip_while(|unit| unit.verb().is_none());
            back.next().is_some_and(|unit| unit.lemma != "be") && back.next().is_some_and(|unit| unit.lemma == "be")
        };
        let helped = self.done.iter().rev().take(4).find(|unit| !unit.light()).is_some_and(|unit| unit.lemma == "be");
        let series = || (self.forms.last() == Some(&Form::Ed) || passive()) && next != Next::Nominal;
        match before.tag {
            Tag::Verb(_) if before.lemma == "get" && next == Next::Nominal => Tag::Adjective,
            Tag::Verb(_) if matches!(before.lemma.as_str(), "be" | "get" | "have") => verb,
            Tag::Word(Class::Not | Class::Modal) => verb,
            Tag::Word(Class::And) | Tag::Mark(Mark::Comma) if series() => verb,
            // "is then posted"
            Tag::Word(Class::And | Class::Adverb) if helped && next != Next::Nominal => verb,
            // "a summary, sent to …"
            Tag::Mark(Mark::Comma | Mark::Dash) if known && (next == Next::Preposition || particle) => verb,
            Tag::Noun | Tag::Service | Tag::Value if !(next == Next::Nominal && before.possessive) => verb,
            Tag::Word(Class::Pronoun) if known || !self.is_object(before) => verb,
            Tag::Word(Class::Relative | Class::Question) => verb,
            _ => Tag::Adjective,
        }
    }

    /// "if anything **changed** since then": the only verb behind "if" or "when".
    fn past(&self, at: usize) -> bool {
        let subject = self.done.last().is_some_and(|unit| unit.nominal() && unit.tag != Tag::Adjective);
        let opens = |unit: &&Unit| {
            matches!(unit.tag, Tag::Word(Class::When | Class::If | Class::Relative | Class::While | Class::Question))
        };
        let opener = self.done.iter().rev().take(8).find(opens);
        subject
            && self.expects_verb
            && opener.is_some_and(|unit| unit.is(Class::When) || unit.is(Class::If))
            && !self.clause_ahead(at, true)
    }

    fn is_object(&self, unit: &Unit) -> bool {
        !self.vocabulary.is(Group::Subjects, &unit.lemma)
    }
}
