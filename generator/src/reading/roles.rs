//! What each piece of a sentence is, and which it depends on.

use super::{
    Clause, Determiner, Frame, Mark, Phrase, Role, Token,
    clauses::{Piece, Start},
    frame::frame,
    vocabulary::{Class, Form, Kind, Vocabulary},
    words::{Tag, Unit},
};

pub(super) fn clauses(vocabulary: &Vocabulary, tokens: &[Token], units: &[Unit], pieces: &[Piece]) -> Vec<Clause> {
    let frames: Vec<Frame> = pieces.iter().map(|piece| frame(vocabulary, tokens, units, piece)).collect();
    let mut judge = Judge {
        vocabulary,
        units,
        pieces,
        frames: &frames,
        clauses: Vec::with_capacity(pieces.len()),
        scope: Scope::default(),
    };
    for at in 0..pieces.len() {
        judge.step(at);
    }
    judge.clauses
}

/// What the next act depends on.
#[derive(Default)]
struct Scope {
    sentence: usize,
    /// Holds until another one comes.
    trigger: Option<usize>,
    /// Of this sentence: a condition, loop or "otherwise".
    branch: Option<usize>,
    /// The last condition: what "otherwise" is the other side of.
    condition: Option<usize>,
    /// A question that "yes" and "no" answer.
    question: Option<usize>,
}

struct Judge<'a> {
    vocabulary: &'a Vocabulary,
    units: &'a [Unit],
    pieces: &'a [Piece],
    frames: &'a [Frame],
    clauses: Vec<Clause>,
    scope: Scope,
}

impl<'a> Judge<'a> {
    fn step(&mut self, at: usize) {
        let (Some(piece), Some(frame)) = (self.pieces.get(at), self.frames.get(at)) else { return };
        if piece.sentence != self.scope.sentence {
            let colon =
                self.clauses.last().is_some_and(|last| matches!(last.role, Role::Condition | Role::Otherwise(_)))
                    && self.last_mark(at.wrapping_sub(1)) == Some(Mark::Colon);
            self.scope = Scope { sentence: piece.sentence, branch: self.scope.branch.filter(|_| colon), ..self.scope };
        }
        let role = self.role(at, piece, frame);
        let index = self.clauses.len();
        let (under, frame) = self.place(index, at, role, frame);
        let first = self.units.get(piece.units.start).map_or(0, |unit| unit.span.start);
        let last =
            piece.units.end.checked_sub(1).and_then(|last| self.units.get(last)).map_or(first, |unit| unit.span.end);
        self.clauses.push(Clause { span: first..last, role, sentence: piece.sentence, under, frame });
    }

    /// What the clause depends on, and what then depends on it.
    fn place(&mut self, index: usize, at: usize, role: Role, frame: &Frame) -> (Option<usize>, Option<Frame>) {
        let sentence = self.scope.sentence;
        let frame = Some(frame.clone());
        match role {
            Role::Trigger => {
                if self.scope.trigger.is_none() || !self.acts_before() {
                    for clause in
                        self.clauses.iter_mut().filter(|clause| clause.sentence == sentence && clause.role == Role::Act)
                    {
                        clause.under.get_or_insert(index);
                    }
                } else {
                    self.adopt(index);
                }
                self.scope.trigger = Some(index);
                self.scope.branch = None;
                (None, frame)
            }
            Role::Condition | Role::Loop => {
                if self.acts_before() {
                    self.adopt(index);
                }
                let outer = self.scope.branch.filter(|_| role == Role::Loop).or(self.scope.trigger);
                self.scope.branch = Some(index);
                if role == Role::Condition {
                    self.scope.condition = Some(index);
                    let question = self.last_mark_is_question(at, &frame);
                    self.scope.question = question.then_some(index).or(self.scope.question);
                    if question {
                        self.scope.branch = None;
                    }
                }
                (outer, frame)
            }
            Role::Otherwise(_) => {
                self.scope.branch = Some(index);
                (self.scope.trigger, frame)
            }
            Role::Act | Role::Restriction => (self.scope.branch.or(self.scope.trigger), frame),
            Role::Value | Role::Manner | Role::Instruction | Role::Background | Role::Title => (None, frame),
            Role::Schedule | Role::Politeness | Role::LeadIn => (None, None),
        }
    }

    fn acts_before(&self) -> bool {
        self.clauses
            .iter()
            .rev()
            .take_while(|clause| clause.sentence == self.scope.sentence)
            .any(|clause| clause.role == Role::Act)
    }

    /// What stands behind governs the acts before it.
    fn adopt(&mut self, index: usize) {
        let (sentence, trigger) = (self.scope.sentence, self.scope.trigger);
        for clause in self.clauses.iter_mut().rev().take_while(|clause| clause.sentence == sentence) {
            if clause.role == Role::Act && (clause.under.is_none() || clause.under == trigger) {
                clause.under = Some(index);
            }
        }
    }

    fn last_mark_is_question(&self, at: usize, frame: &Option<Frame>) -> bool {
        self.last_mark(at) == Some(Mark::Stop)
            && self.pieces.get(at).is_some_and(|piece| piece.start == Start::Plain)
            && frame.as_ref().is_some_and(|frame| frame.verb.is_some())
    }
}

impl<'a> Judge<'a> {
    fn slice(&self, at: usize) -> &'a [Unit] {
        self.pieces.get(at).and_then(|piece| self.units.get(piece.units.clone())).unwrap_or_default()
    }

    /// The mark at the end of a piece.
    fn last_mark(&self, at: usize) -> Option<Mark> {
        let marks = self.slice(at).iter().rev().map_while(|unit| match unit.tag {
            Tag::Mark(mark) => Some(mark),
            _ => None,
        });
        marks.into_iter().min_by_key(|mark| u8::from(*mark == Mark::Line))
    }

    fn last_in_sentence(&self, at: usize) -> bool {
        let sentence = |at: usize| self.pieces.get(at).map(|piece| piece.sentence);
        sentence(at + 1) != sentence(at)
    }

    fn begins_sentence(&self, at: usize) -> bool {
        let sentence = |at: usize| self.pieces.get(at).map(|piece| piece.sentence);
        at == 0 || sentence(at - 1) != sentence(at)
    }

    fn role(&self, at: usize, piece: &Piece, frame: &Frame) -> Role {
        let units = self.slice(at);
        let only = |class: fn(&Unit) -> bool| units.iter().all(|unit| class(unit) || matches!(unit.tag, Tag::Mark(_)));
        match piece.start {
            Start::Lead => return Role::LeadIn,
            Start::Opener(class) => return self.opener(at, class, units, frame),
            Start::Purpose => {
                return if self.purpose(units, frame) { Role::Background } else { Role::Act };
            }
            Start::Gerund => {
                let by = units.iter().find(|unit| unit.is(Class::Preposition));
                return match by.map(|unit| unit.lemma.as_str()) {
                    Some("by") => Role::Act,
                    Some("for") => Role::Background,
                    _ => Role::Restriction,
                };
            }
            Start::Bracket | Start::Plain => {}
        }
        if only(|unit| matches!(unit.tag, Tag::Word(Class::Polite | Class::And | Class::Adverb) | Tag::Mark(_))) {
            return if units.iter().any(|unit| unit.is(Class::Polite)) { Role::Politeness } else { Role::Background };
        }
        if only(|unit| {
            matches!(unit.tag, Tag::Time | Tag::Word(Class::Adverb | Class::And | Class::Polite))
                || unit.preposition("at")
                || unit.preposition("on")
        }) {
            return Role::Schedule;
        }
        if let Some(role) = self.answer(units) {
            return role;
        }
        match &frame.verb {
            Some(verb) => self.with_verb(at, piece, frame, &verb.lemma, units),
            None => self.without_verb(at, piece, frame, units),
        }
    }

    /// "Yes: …", "No: …", "the others …", "the rest: …"
    fn answer(&self, units: &[Unit]) -> Option<Role> {
        let condition = self.scope.question.or(self.scope.condition);
        let first = units.iter().find(|unit| !matches!(unit.tag, Tag::Word(Class::And) | Tag::Mark(_)))?;
        let label = units.iter().filter(|unit| !matches!(unit.tag, Tag::Mark(_))).count() == 1;
        match first.lemma.as_str() {
            "yes" if label => Some(Role::Condition),
            "no" if label => condition.map(Role::Otherwise),
            "the others" | "others" | "the rest" | "rest" if label => condition.map(Role::Otherwise),
            _ => None,
        }
    }

    fn opener(&self, at: usize, class: Class, units: &[Unit], frame: &Frame) -> Role {
        let only = units.iter().take_while(|unit| !unit.is(class)).any(|unit| unit.lemma == "only");
        let word = units.iter().find(|unit| unit.is(class)).map_or("", |unit| unit.lemma.as_str());
        match class {
            Class::When if only || word == "only when" => Role::Condition,
            Class::When => {
                if self.tests(frame) && !(self.begins_sentence(at) && self.scope.trigger.is_none() && frame.passive) {
                    Role::Condition
                } else {
                    Role::Trigger
                }
            }
            Class::If => {
                let first = self.scope.trigger.is_none() && !only && word == "if";
                if first && self.happens(frame) { Role::Trigger } else { Role::Condition }
            }
            Class::Else => self.scope.question.or(self.scope.condition).map_or(Role::Act, Role::Otherwise),
            Class::Reason => {
                let asked = self.clauses.last().is_some_and(|last| {
                    last.sentence == self.scope.sentence && matches!(last.role, Role::Instruction | Role::LeadIn)
                });
                if asked { Role::Act } else { Role::Background }
            }
            _ if matches!(word, "while" | "until" | "till" | "before" | "as") => Role::Restriction,
            _ => Role::Background,
        }
    }

    /// Tests a state; else something happens.
    fn tests(&self, frame: &Frame) -> bool {
        let Some(verb) = &frame.verb else { return false };
        let new = frame.subject.as_ref().is_some_and(|subject| subject.modifiers.iter().any(|word| word == "new"));
        self.vocabulary.state(&verb.lemma)
            && !new
            && !(verb.lemma == "be"
                && frame.subject.as_ref().is_some_and(|subject| subject.pronoun && subject.head == "there"))
            || frame.negated
    }

    /// "if a new mail comes", "if anything changes"
    fn happens(&self, frame: &Frame) -> bool {
        let (Some(verb), Some(subject)) = (&frame.verb, &frame.subject) else { return false };
        let open = subject.modifiers.iter().any(|word| word == "new")
            || matches!(
                subject.head.as_str(),
                "anything" | "something" | "someone" | "somebody" | "anyone" | "anybody"
            )
            || matches!(subject.determiner, Determiner::Some | Determiner::None | Determiner::The) && !subject.pronoun;
        open && self.vocabulary.event(&verb.lemma) && !self.vocabulary.state(&verb.lemma) && !frame.negated
    }

    /// "to stay informed", "to keep stakeholders informed", "to save time"
    fn purpose(&self, units: &[Unit], frame: &Frame) -> bool {
        let Some(verb) = &frame.verb else { return true };
        let state = units.iter().any(|unit| {
            matches!(
                unit.lemma.as_str(),
                "informed"
                    | "updated"
                    | "organised"
                    | "posted"
                    | "inform"
                    | "alive"
                    | "aware"
                    | "tidy"
                    | "clean"
                    | "current"
                    | "organise"
                    | "up to date"
            )
        });
        match verb.lemma.as_str() {
            "stay" | "remain" | "become" | "avoid" | "ensure" | "streamline" | "simplify" | "improve" | "prevent"
            | "reduce" | "help" | "free" | "increase" | "boost" | "speed" | "maintain" | "enable" | "support"
            | "be" | "grow" | "enhance" | "see" | "know" | "understand" | "lose" => true,
            "keep" => state,
            "save" => {
                units.iter().any(|unit| matches!(unit.lemma.as_str(), "time" | "money" | "hour" | "effort" | "work"))
            }
            _ => false,
        }
    }

    fn with_verb(&self, at: usize, piece: &Piece, frame: &Frame, verb: &str, units: &[Unit]) -> Role {
        if self.instruction(frame, verb) {
            return Role::Instruction;
        }
        let first = units.iter().find(|unit| !matches!(unit.tag, Tag::Mark(_) | Tag::Word(Class::And | Class::Polite)));
        let question = first.is_some_and(|unit| unit.lemma == "be" || unit.lemma == "do")
            && units.iter().any(|unit| unit.tag == Tag::Mark(Mark::Stop));
        if question && frame.subject.is_none() && self.vocabulary.state(verb) {
            return Role::Condition;
        }
        if matches!(verb, "trigger" | "start" | "run" | "fire" | "begin" | "launch" | "execute" | "schedule") {
            if let Some(role) = self.runs(at, frame, verb) {
                return role;
            }
        }
        let Some(subject) = &frame.subject else { return Role::Act };
        let modal = units.iter().any(|unit| unit.is(Class::Modal));
        if units.iter().take(3).any(|unit| unit.is(Class::Question)) {
            return Role::Act;
        }
        match subject.head.as_str() {
            "i" | "we" if modal && !matches!(verb, "be" | "have") => return Role::Background,
            "i" | "we" => {
                let gives = matches!(
                    verb,
                    "give"
                        | "describe"
                        | "paste"
                        | "enter"
                        | "send"
                        | "provide"
                        | "upload"
                        | "type"
                        | "hand"
                        | "submit"
                        | "say"
                        | "drop"
                        | "share"
                        | "forward"
                        | "write"
                        | "add"
                        | "set"
                );
                let more = !self.last_in_sentence(at);
                return if gives && more && !frame.negated { Role::Trigger } else { Role::Background };
            }
            "you" if verb == "be" => return Role::LeadIn,
            _ => {}
        }
        if verb == "be" && !frame.passive {
            let value = frame.objects.iter().any(|object| !object.values.is_empty());
            if value
                && matches!(
                    subject.determiner,
                    Determiner::Mine | Determiner::The | Determiner::Theirs | Determiner::None
                )
                && !subject.pronoun
            {
                return Role::Value;
            }
        }
        if frame.negated && matches!(verb, "interest" | "matter" | "concern" | "count") {
            return Role::Restriction;
        }
        let colon = self.last_mark(at) == Some(Mark::Colon);
        let comma = self.last_mark(at) == Some(Mark::Comma);
        let imperative = self.frames.get(at + 1).is_some_and(|next| next.verb.is_some() && next.subject.is_none())
            && self
                .pieces
                .get(at + 1)
                .is_some_and(|next| next.sentence == piece.sentence && next.start == Start::Plain);
        let event = self.vocabulary.event(verb) || verb == "be" && subject.modifiers.iter().any(|word| word == "new");
        if event && !modal && (colon || comma && imperative && self.starts_base(at + 1)) && !subject.pronoun_of_agent()
        {
            return Role::Trigger;
        }
        Role::Act
    }

    fn starts_base(&self, at: usize) -> bool {
        self.slice(at).iter().find_map(Unit::verb) == Some(Form::Base)
    }

    /// "runs every Friday", "it starts with a mail", "triggers on new mails", "schedule it to run hourly".
    fn runs(&self, at: usize, frame: &Frame, verb: &str) -> Option<Role> {
        let timed = self.slice(at).iter().any(|unit| unit.tag == Tag::Time);
        let pronoun = |phrase: &Phrase| phrase.pronoun || self.vocabulary.agent(&phrase.head);
        let bare = frame.objects.iter().all(pronoun) && frame.subject.as_ref().is_none_or(pronoun);
        let on = frame
            .arguments
            .iter()
            .find(|argument| matches!(argument.preposition.as_str(), "on" | "with" | "from" | "by"));
        let next = self.pieces.get(at + 1).is_some_and(|next| next.start == Start::Opener(Class::When));
        if !bare {
            None
        } else if on.is_some() && verb != "schedule" {
            Some(Role::Trigger)
        } else if next {
            Some(Role::LeadIn)
        } else if timed && frame.arguments.is_empty() {
            Some(Role::Schedule)
        } else {
            None
        }
    }

    /// To who builds it, not to what is built.
    fn instruction(&self, frame: &Frame, verb: &str) -> bool {
        let phrases = || frame.objects.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase));
        let builder = phrases().any(|phrase| {
            phrase
                .services
                .iter()
                .any(|name| self.vocabulary.service(name).is_some_and(|service| service.kind == Kind::Builder))
        });
        let secret = phrases().chain(&frame.subject).any(|phrase| {
            matches!(
                phrase.head.as_str(),
                "key" | "credential" | "api key" | "password" | "secret" | "access token" | "login"
            )
        });
        let all = frame.objects.iter().any(|object| matches!(object.head.as_str(), "everything" | "whatever" | "all"));
        let mine = frame.subject.as_ref().is_none_or(|subject| matches!(subject.head.as_str(), "i" | "you" | "we"));
        let whatever = frame.complement.is_some()
            && frame.verb.as_ref().is_some_and(|verb| verb.particle.as_deref() == Some("in"))
            && frame.objects.is_empty();
        builder && mine && matches!(verb, "use" | "do" | "set" | "build" | "make" | "create" | "work")
            || secret
                && mine
                && matches!(verb, "ask" | "add" | "need" | "use" | "want" | "set" | "request" | "have" | "enter")
            || (all || whatever) && mine && matches!(verb, "set" | "fill" | "do" | "configure")
            || frame.negated && verb == "ask" && mine && frame.recipients.iter().any(|phrase| phrase.head == "me")
    }
}

impl Phrase {
    fn pronoun_of_agent(&self) -> bool {
        self.pronoun && matches!(self.head.as_str(), "it" | "you")
    }
}

impl Judge<'_> {
    fn without_verb(&self, at: usize, piece: &Piece, frame: &Frame, units: &[Unit]) -> Role {
        let first = units.iter().find(|unit| !matches!(unit.tag, Tag::Mark(_) | Tag::Word(Class::And)));
        let colon = self.last_mark(at) == Some(Mark::Colon) && !self.last_in_sentence(at);
        let arguments = |word: &str| frame.arguments.iter().any(|argument| argument.preposition == word);
        match first.map(|unit| (unit.tag, unit.lemma.as_str())) {
            Some((Tag::Word(Class::Adverb), "only" | "just")) => {
                return if arguments("for") { Role::Condition } else { Role::Restriction };
            }
            Some((Tag::Word(Class::Determiner(Determiner::No)), _)) => {
                let pair =
                    self.begins_sentence(at) && !self.last_in_sentence(at) && self.last_mark(at) == Some(Mark::Comma);
                return if pair {
                    Role::Condition
                } else if self
                    .clauses
                    .last()
                    .is_some_and(|last| last.role == Role::Condition && last.sentence == piece.sentence)
                {
                    Role::Act
                } else {
                    Role::Restriction
                };
            }
            Some((Tag::Word(Class::Not), _)) => {
                return if frame.arguments.is_empty() { Role::Restriction } else { Role::Act };
            }
            Some((
                Tag::Word(Class::Preposition),
                "at most" | "at least" | "up to" | "without" | "except" | "except for" | "excluding" | "no more than"
                | "instead of",
            )) => {
                return Role::Restriction;
            }
            Some((Tag::Word(Class::Preposition), "for")) if colon || self.last_mark(at) == Some(Mark::Comma) => {
                return Role::Loop;
            }
            Some((Tag::Word(Class::Preposition), "per")) => return Role::Loop,
            Some((Tag::Word(Class::Preposition), "like")) => return Role::Instruction,
            Some((
                Tag::Word(Class::Preposition),
                "after" | "before" | "right after" | "shortly before" | "shortly after" | "upon",
            )) => return Role::Trigger,
            Some((Tag::Word(Class::Preposition), "in" | "as" | "with"))
                if frame.objects.is_empty() && self.last_in_sentence(at) =>
            {
                return Role::Manner;
            }
            Some((Tag::Word(Class::Preposition), "over" | "under" | "above" | "below" | "more than" | "less than"))
                if colon =>
            {
                return Role::Condition;
            }
            _ => {}
        }
        let adjectives = units
            .iter()
            .all(|unit| matches!(unit.tag, Tag::Adjective | Tag::Mark(_) | Tag::Word(Class::And | Class::Adverb)));
        if colon {
            return self.label(at, frame, adjectives);
        }
        if adjectives { Role::Manner } else { Role::Act }
    }

    /// What stands before a colon, and has no verb.
    fn label(&self, at: usize, frame: &Frame, adjectives: bool) -> Role {
        let head = frame.objects.first().map_or("", |object| object.head.as_str());
        let new = frame.objects.iter().any(|object| object.modifiers.iter().any(|word| word == "new"));
        let source = frame.objects.iter().any(|object| {
            !object.services.is_empty() && object.head.is_empty()
                || matches!(object.head.as_str(), "feed" | "webhook" | "contact form")
        });
        let next = self.frames.get(at + 1);
        match head {
            "aim" | "goal" | "purpose" | "reason" | "why" | "background" | "context" | "use case" | "benefit" => {
                Role::Background
            }
            "format" | "tone" | "style" | "language" | "length" | "voice" | "layout" => Role::Manner,
            "schedule" | "frequency" | "time" | "when" => Role::Schedule,
            "step" | "task" | "todo" | "instruction" | "workflow" => Role::LeadIn,
            "note" | "important" | "hint" => Role::Background,
            _ if at == 0 && (source && frame.arguments.iter().all(|argument| argument.preposition != "to") || new) => {
                Role::Trigger
            }
            _ if at == 0 => Role::Title,
            _ if new => Role::Trigger,
            _ if next.is_some_and(|next| {
                next.verb.is_none()
                    && next.objects.iter().all(|object| !object.values.is_empty() && object.head.is_empty())
                    && !next.objects.is_empty()
            }) =>
            {
                Role::Value
            }
            _ if adjectives || frame.objects.len() == 1 => Role::Condition,
            _ => Role::Title,
        }
    }
}
