//! What each piece of a sentence is.

use super::{
    Clause, Determiner, Frame, Mark, Phrase, Role,
    classes::{Class, Group},
    clauses::{Piece, Start},
    inflection::Form,
    vocabulary::{Kind, Vocabulary},
    words::{Tag, Unit},
};

/// What the next act depends on.
#[derive(Default)]
pub(super) struct Scope {
    pub(super) sentence: usize,
    /// Holds until another one comes.
    pub(super) trigger: Option<usize>,
    /// Of this sentence: a condition, loop or "otherwise".
    pub(super) branch: Option<usize>,
    /// The last condition: what "otherwise" is the other side of.
    pub(super) condition: Option<usize>,
    /// Its sentence tells who the agent is.
    pub(super) persona: Option<usize>,
    /// A question that "yes" and "no" answer.
    pub(super) question: Option<usize>,
    /// The last clause that ends in a colon.
    pub(super) heading: Option<usize>,
    /// What stands before this clause depends on what it depends on.
    pub(super) settled: usize,
}

/// What a role is judged by: the piece, those around it, and what came before.
pub(super) struct Judge<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) units: &'a [Unit],
    pub(super) pieces: &'a [Piece],
    pub(super) frames: &'a [Frame],
    pub(super) clauses: Vec<Clause>,
    pub(super) scope: Scope,
}

impl<'a> Judge<'a> {
    pub(super) fn slice(&self, at: usize) -> &'a [Unit] {
        self.pieces.get(at).and_then(|piece| self.units.get(piece.units.clone())).unwrap_or_default()
    }

    /// The mark at the end of a piece, line ends aside.
    pub(super) fn last_mark(&self, at: usize) -> Option<Mark> {
        let marks = self.slice(at).iter().rev().map_while(|unit| match unit.tag {
            Tag::Mark(mark) => Some(mark),
            _ => None,
        });
        marks.min_by_key(|mark| u8::from(*mark == Mark::Line))
    }

    /// Whether no other sentence comes.
    fn last_of_all(&self, at: usize) -> bool {
        self.pieces.last().map(|piece| piece.sentence) == self.sentence(at)
    }

    pub(super) fn sentence(&self, at: usize) -> Option<usize> {
        self.pieces.get(at).map(|piece| piece.sentence)
    }

    pub(super) fn last_in_sentence(&self, at: usize) -> bool {
        self.sentence(at + 1) != self.sentence(at)
    }

    pub(super) fn begins_sentence(&self, at: usize) -> bool {
        at == 0 || self.sentence(at - 1) != self.sentence(at)
    }

    /// The role of the clause before, in the same sentence.
    pub(super) fn role_before(&self, at: usize) -> Option<Role> {
        self.clauses.last().filter(|last| Some(last.sentence) == self.sentence(at)).map(|last| last.role)
    }

    pub(super) fn is(&self, group: Group, word: &str) -> bool {
        self.vocabulary.is(group, word)
    }

    pub(super) fn role(&self, at: usize, piece: &Piece, frame: &Frame) -> Role {
        let units = self.slice(at);
        if self.scope.persona == Some(piece.sentence) {
            return Role::LeadIn;
        }
        match piece.start {
            Start::Lead => return Role::LeadIn,
            Start::Opener(class) => return self.opener(at, class, units, frame),
            Start::Purpose if self.purpose(units, frame) => return Role::Background,
            Start::Purpose => return Role::Act,
            Start::Gerund => {
                let preposition = units.iter().find(|unit| unit.is(Class::Preposition));
                return match preposition.map(|unit| unit.lemma.as_str()) {
                    Some("by") => Role::Act,
                    Some("for") => Role::Background,
                    _ => Role::Restriction,
                };
            }
            Start::Bracket => return Role::Restriction,
            Start::Participle => return Role::Act,
            Start::Case if units.iter().any(|unit| unit.is(Class::Determiner(Determiner::Each))) => return Role::Loop,
            Start::Case => return self.answer(units).unwrap_or(Role::Condition),
            Start::Plain => {}
        }
        if units.iter().all(Unit::light) && !units.iter().any(|unit| unit.lemma == "only once") {
            return if units.iter().any(|unit| unit.is(Class::Polite)) { Role::Politeness } else { Role::Background };
        }
        if units.iter().filter(|unit| !unit.light()).all(|unit| unit.lemma == "help") {
            return Role::Politeness;
        }
        let time =
            |unit: &Unit| unit.tag == Tag::Time || unit.light() || unit.preposition("at") || unit.preposition("on");
        // "Once an hour is enough."
        let enough =
            |unit: &Unit| matches!(unit.lemma.as_str(), "be" | "enough" | "fine" | "sufficient" | "ok" | "okay");
        let timed = units.iter().any(|unit| unit.tag == Tag::Time);
        if units.iter().all(|unit| time(unit) || timed && enough(unit)) {
            return Role::Schedule;
        }
        if let Some(role) = self.answer(units) {
            return role;
        }
        // "Table: Leads, base: appX"
        let set = |unit: &Unit| unit.nominal() || unit.light() || self.is(Group::Settings, &unit.lemma);
        if self.role_before(at) == Some(Role::Value) && units.iter().all(set) {
            return Role::Value;
        }
        match &frame.verb {
            Some(verb) => self.with_verb(at, frame, &verb.lemma, units),
            None => self.without_verb(at, frame, units),
        }
    }

    /// "Yes: …", "No: …", "The rest: …"
    fn answer(&self, units: &[Unit]) -> Option<Role> {
        let mut words = units.iter().filter(|unit| !unit.light());
        let first = words.next().filter(|_| words.next().is_none())?;
        let condition = self.scope.question.or(self.scope.condition);
        match first.lemma.trim_start_matches("the ") {
            "yes" if self.scope.question.is_some() => Some(Role::LeadIn),
            "yes" => Some(Role::Condition),
            "no" | "others" | "other ones" | "rest" => condition.map(Role::Otherwise),
            "everything" if units.iter().any(|unit| unit.lemma == "else") => condition.map(Role::Otherwise),
            _ => None,
        }
    }

    fn with_verb(&self, at: usize, frame: &Frame, verb: &str, units: &[Unit]) -> Role {
        if self.instruction(frame, verb) {
            return Role::Instruction;
        }
        let first = units.iter().find(|unit| !unit.light());
        // "Be a research assistant: …", "Be polite."
        let told = first.is_some_and(|unit| unit.lemma == "be" && unit.verb() == Some(Form::Base));
        if told && frame.subject.is_none() && self.begins_sentence(at) {
            let somebody = frame.objects.iter().any(|object| !object.head.is_empty() && !object.pronoun);
            return if somebody { Role::LeadIn } else { Role::Manner };
        }
        let asks = first.is_some_and(|unit| unit.lemma == "be" && unit.verb().is_some());
        let here = units.iter().any(|unit| unit.lemma == "here");
        if asks && !here && frame.subject.is_none() && verb == "be" && self.begins_sentence(at) | self.after_trigger(at)
        {
            return Role::Condition;
        }
        if let Some(role) = self.runs(at, frame, verb).filter(|_| self.is(Group::Starters, verb)) {
            return role;
        }
        let given = frame.recipients.iter().any(|recipient| recipient.head == "you") && frame.subject.is_none();
        // "Given a topic, …"
        let participle = first.is_some_and(|unit| unit.verb() == Some(Form::Ed)) && frame.subject.is_none();
        if (given || participle) && self.is(Group::Inputs, verb) && !self.last_in_sentence(at) {
            return Role::Trigger;
        }
        // "Automate my cross-posting. When I publish …"
        let more = self.pieces.get(at + 1).is_some_and(|next| next.start == Start::Opener(Class::When));
        if at == 0 && verb == "automate" && self.last_in_sentence(at) && more {
            return Role::Title;
        }
        // "… so that they are fun and save them": nothing but the person saves.
        let others = self.clauses.last().and_then(|last| last.frame.as_ref()?.subject.as_ref());
        let others = others.is_some_and(|who| matches!(who.head.as_str(), "they" | "it" | "this" | "that"));
        let goes_on = units.first().is_some_and(|unit| unit.is(Class::And) && unit.lemma != "so")
            && self.role_before(at) == Some(Role::Background)
            && !(others && frame.subject.is_none());
        // "I want to learn Spanish, send me …"
        let plain = frame.arguments.is_empty() && frame.objects.iter().all(|object| object.services.is_empty());
        let improves = matches!(verb, "keep" | "improve" | "reduce" | "automate" | "streamline" | "optimise") && plain;
        let aims =
            (matches!(verb, "learn" | "become" | "grow" | "lose" | "quit") || improves) && frame.subject.is_none();
        if aims && self.role_before(at) == Some(Role::LeadIn) && !(self.last_of_all(at) && self.last_in_sentence(at)) {
            return Role::Background;
        }
        // "Your role is to assist users in …"
        let serves = matches!(verb, "assist" | "help" | "support" | "guide")
            && frame
                .objects
                .iter()
                .any(|object| matches!(object.head.as_str(), "user" | "customer" | "people" | "person"));
        if serves && frame.subject.is_none() && self.role_before(at) == Some(Role::LeadIn) && !self.last_of_all(at) {
            return Role::LeadIn;
        }
        // "Act as a travel guide."
        let acts = verb == "act" && frame.subject.as_ref().is_none_or(|subject| subject.head == "you");
        if acts && frame.arguments.iter().any(|argument| matches!(argument.preposition.as_str(), "as" | "like")) {
            return Role::LeadIn;
        }
        let Some(subject) = &frame.subject else {
            return match first {
                Some(_) if at == 0 && self.heads(frame) => Role::Title,
                Some(unit) if unit.preposition("without") => Role::Restriction,
                // "I run a bakery and have no time."
                Some(unit) if goes_on && unit.verb() == Some(Form::Base) => Role::Background,
                _ => Role::Act,
            };
        };
        if units.iter().filter(|unit| !unit.light()).take(2).any(|unit| unit.is(Class::Question)) {
            return Role::Act;
        }
        let modal = units.iter().any(|unit| unit.is(Class::Modal));
        match subject.head.as_str() {
            "i" | "we" => {
                if matches!(verb, "approve" | "confirm") && !modal {
                    return Role::Act;
                }
                let gives = self.is(Group::Inputs, verb) && !modal && !frame.negated;
                // "Work out the rate: I enter the amount and the years."
                let inputs = matches!(verb, "enter" | "paste" | "upload" | "type" | "provide" | "give")
                    && frame.objects.iter().any(|object| !object.pronoun && object.services.is_empty());
                // "I text the bot on Telegram"
                let to = |phrase: &Phrase| self.is(Group::Agents, &phrase.head);
                let tells = matches!(verb, "text" | "message" | "dm" | "mail" | "email" | "ask" | "tell")
                    && !modal
                    && frame.recipients.iter().chain(&frame.objects).any(to);
                return if (gives || tells) && (inputs || !self.last_in_sentence(at)) {
                    Role::Trigger
                } else {
                    Role::Background
                };
            }
            "you" if verb == "be" => return Role::LeadIn,
            // "That would make my mornings calmer."
            "that" | "this" | "it"
                if modal
                    && subject.pronoun
                    && matches!(verb, "make" | "save" | "help")
                    && units.iter().any(|unit| unit.lemma == "would") =>
            {
                return Role::Background;
            }
            _ => {}
        }
        // "My mum sends me long mails. Translate them …"
        let me = frame.recipients.iter().any(|recipient| matches!(recipient.head.as_str(), "me" | "us"));
        let writes = matches!(verb, "send" | "email" | "mail" | "write" | "message" | "forward");
        let someone = subject.determiner == Determiner::Mine || self.is(Group::People, &subject.head);
        if me && writes && someone && !modal && !subject.pronoun && at == 0 && !self.last_of_all(at) {
            return Role::Trigger;
        }
        // "Our support team gets a lot of questions in Discord."
        let lives = matches!(
            verb,
            "get"
                | "receive"
                | "have"
                | "use"
                | "spend"
                | "lose"
                | "waste"
                | "struggle"
                | "forget"
                | "want"
                | "need"
                | "like"
                | "hate"
                | "expect"
                | "love"
        );
        if lives && someone && !modal && !subject.pronoun && self.last_in_sentence(at) && !self.last_of_all(at) {
            return Role::Background;
        }
        // "My mum keeps forgetting her pills, …"
        let keeps = verb == "keep" && units.iter().any(|unit| unit.verb() == Some(Form::Ing)) && someone;
        if keeps && !modal && !self.last_in_sentence(at) {
            return Role::Background;
        }
        let states = verb == "be" && !frame.passive && !subject.pronoun;
        let told = |object: &Phrase| !object.values.is_empty() || !object.services.is_empty();
        // "My dad is forgetful": how somebody is.
        let trait_of = units.iter().rfind(|unit| !unit.light()).is_some_and(|unit| unit.tag == Tag::Adjective);
        let trait_of = trait_of || self.is(Group::People, &subject.head) && !frame.objects.iter().any(told);
        // "Our backlog is a mess."
        let kind = |object: &Phrase| object.determiner == Determiner::Some && !told(object);
        let trait_of = trait_of || frame.objects.iter().any(kind) && self.last_in_sentence(at) && !self.last_of_all(at);
        if states && subject.determiner == Determiner::Mine && trait_of {
            return Role::Background;
        }
        if states && (frame.objects.iter().any(told) || subject.determiner == Determiner::Mine) {
            return Role::Value;
        }
        // "Columns are name, email and company."
        let lists = frame.objects.len() > 1 && subject.plural && frame.arguments.is_empty();
        if states && lists && self.last_in_sentence(at) && !modal && !self.last_of_all(at) | (at > 0) {
            return Role::Value;
        }
        if frame.negated && matches!(verb, "interest" | "matter" | "concern" | "count") {
            return Role::Restriction;
        }
        // "…, let AI write a briefing, …": what somebody else is to do does not happen by itself.
        let caused = first.is_some_and(|unit| matches!(unit.lemma.as_str(), "let" | "have"));
        let event = !caused && (self.is(Group::Events, verb) || states && is_new(subject));
        let service = |name: &String| self.vocabulary.service(name).is_some_and(|service| service.kind == Kind::Form);
        let form = (subject.head == "form" || subject.services.iter().any(service))
            && matches!(verb, "ask" | "take" | "collect" | "have");
        let opening =
            |clause: &Clause| matches!(clause.role, Role::Title | Role::LeadIn | Role::Politeness | Role::Background);
        let comes = self.clauses.iter().all(opening) && !subject.pronoun && matches!(verb, "come" | "arrive");
        if (form || comes) && !modal || event && !modal && !frame.negated && self.occurs(at, subject) {
            return Role::Trigger;
        }
        Role::Act
    }

    /// "Email to Todoist: starred mails become tasks": what comes after the colon is what is done.
    fn heads(&self, frame: &Frame) -> bool {
        let services = |phrase: &Phrase| !phrase.services.is_empty() && phrase.values.is_empty();
        frame.objects.is_empty()
            && frame.recipients.is_empty()
            && !frame.arguments.is_empty()
            && frame.arguments.iter().all(|argument| services(&argument.phrase))
            && self.last_mark(0) == Some(Mark::Colon)
            && self.frames.get(1).is_some_and(|next| next.verb.is_some())
    }

    fn after_trigger(&self, at: usize) -> bool {
        self.role_before(at) == Some(Role::Trigger)
    }

    /// "Somebody fills in the form: …", "a mail comes, put …": what happens stands in front of what is to be done.
    fn occurs(&self, at: usize, subject: &Phrase) -> bool {
        let finite = self.slice(at).iter().filter_map(Unit::verb).any(|form| form != Form::Ing);
        let agent = subject.pronoun && matches!(subject.head.as_str(), "it" | "you");
        let imperative = || {
            let plain = self.pieces.get(at + 1).is_some_and(|next| next.start == Start::Plain);
            let verb = self.slice(at + 1).iter().find_map(Unit::verb) == Some(Form::Base);
            let alone = self.frames.get(at + 1).is_some_and(|next| next.verb.is_some() && next.subject.is_none());
            plain && verb && alone && !self.last_in_sentence(at)
        };
        finite
            && !agent
            && match self.last_mark(at) {
                Some(Mark::Colon) => true,
                Some(Mark::Comma | Mark::Semicolon) => imperative() || self.agent_acts(at + 1),
                // "New leads arrive in a sheet. The workflow …"
                Some(Mark::Stop | Mark::Line) => is_new(subject) && !self.last_of_all(at),
                _ => false,
            }
    }

    fn agent_acts(&self, at: usize) -> bool {
        let subject = self.frames.get(at).and_then(|frame| frame.subject.as_ref());
        subject.is_some_and(|subject| self.is(Group::Agents, &subject.head)) && !self.begins_sentence(at)
    }
}

pub(super) fn is_new(phrase: &Phrase) -> bool {
    phrase.modifiers.iter().any(|word| word == "new")
}
