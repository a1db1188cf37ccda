//! What each clause depends on.

use super::{
    Argument, Clause, Frame, Mark, Role, Token,
    classes::Class,
    clauses::{Piece, Start},
    frame::frame,
    roles::{Judge, Scope},
    vocabulary::Vocabulary,
    words::Unit,
};

pub(super) fn clauses(vocabulary: &Vocabulary, tokens: &[Token], units: &[Unit], pieces: &[Piece]) -> Vec<Clause> {
    let mut frames: Vec<Frame> = pieces.iter().map(|piece| frame(vocabulary, tokens, units, piece)).collect();
    for (at, _) in pieces.iter().enumerate().filter(|(_, piece)| piece.start == Start::Case) {
        let subject = frames.get(at).and_then(|case| case.objects.first()).cloned();
        if let Some(next) = frames.get_mut(at + 1).filter(|next| next.subject.is_none()) {
            next.subject = subject;
        }
    }
    // "a report mailed to me, with the figures of the day": they belong to the report.
    for at in 1..frames.len() {
        let (before, rest) = frames.split_at_mut(at);
        let delivered = pieces.get(at).is_some_and(|piece| piece.start == Start::Participle);
        let (Some(thing), Some(frame)) =
            (before.last_mut(), rest.first_mut().filter(|frame| frame.objects.is_empty() && delivered))
        else {
            continue;
        };
        let narrows =
            |argument: &mut Argument| matches!(argument.preposition.as_str(), "with" | "about" | "from" | "of");
        thing.arguments.extend(frame.arguments.extract_if(.., narrows));
    }
    let clauses = Vec::with_capacity(pieces.len());
    let mut judge = Judge { vocabulary, units, pieces, frames: &frames, clauses, scope: Scope::default() };
    for (at, (piece, frame)) in pieces.iter().zip(&frames).enumerate() {
        judge.step(at, piece, frame);
    }
    judge.clauses
}

impl Judge<'_> {
    fn step(&mut self, at: usize, piece: &Piece, frame: &Frame) {
        if piece.sentence != self.scope.sentence {
            // "If it is urgent:" and a list.
            let branches =
                self.clauses.last().is_some_and(|last| matches!(last.role, Role::Condition | Role::Otherwise(_)));
            let open = branches && self.last_mark(at.wrapping_sub(1)) == Some(Mark::Colon);
            self.scope.branch = self.scope.branch.filter(|_| open);
            self.scope.sentence = piece.sentence;
        }
        let role = self.role(at, piece, frame);
        if self.is_persona(at, frame) {
            self.scope.persona = Some(piece.sentence);
        }
        let under = self.place(at, role, piece, frame);
        let speaks = !matches!(role, Role::Schedule | Role::Politeness | Role::LeadIn);
        let units = self.slice(at);
        let first = units.first().map_or(0, |unit| unit.span.start);
        let span = first..units.last().map_or(first, |unit| unit.span.end);
        let frame = speaks.then(|| frame.clone());
        self.clauses.push(Clause { span, role, sentence: piece.sentence, under, frame });
        if self.last_mark(at) == Some(Mark::Colon) {
            self.scope.heading = Some(at);
        }
    }

    /// What the clause depends on, and what then depends on it.
    fn place(&mut self, at: usize, role: Role, piece: &Piece, frame: &Frame) -> Option<usize> {
        let index = self.clauses.len();
        match role {
            Role::Trigger => {
                let settled = self.scope.settled;
                self.adopt(index, at);
                // A condition behind it takes what the trigger took.
                self.scope.settled = settled;
                (self.scope.trigger, self.scope.branch) = (Some(index), None);
                None
            }
            Role::Condition | Role::Loop => {
                self.adopt(index, at);
                let outer = self.scope.branch.filter(|_| role == Role::Loop).or_else(|| self.around());
                self.scope.branch = Some(index);
                if role == Role::Condition {
                    self.scope.condition = Some(index);
                    let asks =
                        self.last_mark(at) == Some(Mark::Stop) && piece.start == Start::Plain && frame.verb.is_some();
                    if asks {
                        (self.scope.question, self.scope.branch) = (Some(index), None);
                    }
                }
                outer
            }
            Role::Otherwise(_) => {
                let outer = self.around();
                self.scope.branch = Some(index);
                outer
            }
            // "Yes:" after a question.
            Role::LeadIn if self.last_mark(at) == Some(Mark::Colon) && piece.start == Start::Plain => {
                self.scope.branch = self.scope.question;
                None
            }
            Role::Act | Role::Restriction => self.scope.branch.or(self.scope.trigger),
            _ => None,
        }
    }

    /// The loop or trigger that a case stands in.
    fn around(&self) -> Option<usize> {
        let mut at = self.scope.branch;
        while let Some(clause) = at.and_then(|at| self.clauses.get(at)) {
            if clause.role == Role::Loop {
                return at;
            }
            at = clause.under;
        }
        self.scope.trigger
    }

    /// What stands behind acts governs them; what an act follows at once governs that one.
    fn adopt(&mut self, index: usize, at: usize) {
        let next =
            self.pieces.get(at + 1).filter(|next| self.pieces.get(at).is_some_and(|own| own.sentence == next.sentence));
        let joined = self.slice(at + 1).first().is_some_and(|unit| unit.is(Class::And));
        let ends = matches!(self.last_mark(at), Some(Mark::Semicolon | Mark::Dash));
        // "Alert me when it is back, I don't care how": nothing to do.
        let own = self.frames.get(at + 1).and_then(|frame| frame.subject.as_ref());
        let own = own.is_some_and(|subject| matches!(subject.head.as_str(), "i" | "we"));
        let fronted = next.is_some_and(|next| next.start == Start::Plain) && !joined && !ends && !own;
        let cut_off = matches!(self.last_mark(at.wrapping_sub(1)), Some(Mark::Semicolon | Mark::Colon | Mark::Dash));
        if fronted || cut_off {
            return;
        }
        // "goes to A if …, otherwise to B": of this act alone.
        let either = next.is_some_and(|next| next.start == Start::Opener(Class::Else));
        let (sentence, trigger) = (self.scope.sentence, self.scope.trigger);
        // "Sort the leads: score each, and mail me if …": the heading waits for nothing.
        let from = self.scope.heading.filter(|at| *at + 1 < self.clauses.len()).map_or(0, |at| at + 1);
        // What a condition before took is taken: each clause is looked at once.
        let from = from.max(self.scope.settled);
        let before = self.clauses.get_mut(from..).unwrap_or_default();
        let before = before.iter_mut().rev().take_while(|clause| clause.sentence == sentence);
        for clause in before.take(if either { 1 } else { usize::MAX }) {
            if clause.role == Role::Act && (clause.under.is_none() || clause.under == trigger) {
                clause.under = Some(index);
            }
        }
        if !either {
            self.scope.settled = index;
        }
    }
}
