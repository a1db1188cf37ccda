//! A piece of a sentence -> its verb, and what belongs to it.

use super::{
    Argument, Frame, Mark, Phrase, Span, Token, Verb,
    clauses::{Piece, Start},
    phrase::Phrases,
    vocabulary::{Class, Form, Vocabulary},
    words::{Tag, Unit},
};

pub(super) fn frame(vocabulary: &Vocabulary, tokens: &[Token], units: &[Unit], piece: &Piece) -> Frame {
    let phrases = Phrases { units, tokens, end: piece.units.end, moves: false };
    let mut reader = Reader { vocabulary, phrases, frame: Frame::default(), at: piece.units.start, list: List::None };
    if let Start::Opener(_) = piece.start {
        reader.skip_opener();
    }
    if piece.start == Start::Purpose || piece.start == Start::Gerund {
        reader.skip_preposition();
    }
    reader.front();
    reader.rest();
    reader.frame
}

/// Where a phrase after a comma or "and" belongs.
#[derive(Clone, PartialEq)]
enum List {
    None,
    Objects,
    Recipients,
    Arguments(String),
}

struct Reader<'a> {
    vocabulary: &'a Vocabulary,
    phrases: Phrases<'a>,
    frame: Frame,
    at: usize,
    list: List,
}

impl Reader<'_> {
    fn skip_opener(&mut self) {
        while let Some(unit) = self.phrases.unit(self.at) {
            let opener =
                matches!(unit.tag, Tag::Word(Class::When | Class::If | Class::Else | Class::Reason | Class::While));
            if opener {
                self.frame.negated = unit.lemma == "unless" || unit.lemma.starts_with("except");
            } else if !matches!(unit.tag, Tag::Mark(_) | Tag::Word(Class::And | Class::Adverb)) {
                return;
            }
            self.at += 1;
            if opener {
                return;
            }
        }
    }

    fn skip_preposition(&mut self) {
        while let Some(unit) = self.phrases.unit(self.at) {
            self.at += 1;
            if unit.is(Class::Preposition) {
                self.frame.negated = matches!(unit.lemma.as_str(), "without" | "instead of");
                return;
            }
        }
    }

    /// All up to the verb.
    fn front(&mut self) {
        while let Some(unit) = self.phrases.unit(self.at) {
            match unit.tag {
                Tag::Word(Class::Not) => self.frame.negated = true,
                Tag::Verb(form) => {
                    if self.verb(form) {
                        return;
                    }
                    continue;
                }
                Tag::Word(Class::Preposition) => {
                    self.argument();
                    continue;
                }
                _ if unit.nominal() => {
                    self.subject();
                    continue;
                }
                Tag::Word(Class::Question | Class::Relative) if self.frame.subject.is_none() => {
                    let phrase = Phrase {
                        span: unit.span.clone(),
                        head: unit.lemma.clone(),
                        pronoun: true,
                        ..Phrase::default()
                    };
                    self.frame.subject = Some(phrase);
                }
                Tag::Mark(Mark::Open) if self.frame.subject.is_some() => {}
                _ => {}
            }
            self.at += 1;
        }
        // No verb at all: what looked like the subject is the thing itself.
        let subject = self.frame.subject.take();
        self.frame.objects.splice(0..0, subject);
    }

    fn subject(&mut self) {
        match self.phrases.read(self.at) {
            Some((phrase, end)) => {
                self.at = end;
                if let Some(first) = self.frame.subject.replace(phrase) {
                    self.frame.objects.push(first);
                }
            }
            None => self.at += 1,
        }
    }

    /// Whether this is the verb; auxiliaries are passed over.
    fn verb(&mut self, form: Form) -> bool {
        let Some(unit) = self.phrases.unit(self.at) else { return true };
        let mut next = self.at + 1;
        while matches!(self.phrases.tag(next), Some(Tag::Word(Class::Adverb | Class::Not) | Tag::Time)) {
            next += 1;
        }
        let next_form = self.phrases.unit(next).and_then(Unit::verb);
        let negated = (self.at..next).any(|at| self.phrases.unit(at).is_some_and(|unit| unit.is(Class::Not)));
        match (unit.lemma.as_str(), next_form) {
            ("be" | "get", Some(Form::Ed | Form::Base)) => {
                self.frame.passive = true;
                self.frame.negated |= negated;
                self.at = next;
                return false;
            }
            ("be", Some(Form::Ing)) | ("have", Some(Form::Ed)) | ("do", Some(Form::Base)) => {
                self.frame.negated |= negated;
                self.at = next;
                return false;
            }
            ("let" | "have", _) if self.causes() => return false,
            _ => {}
        }
        let _ = form;
        let span = unit.span.clone();
        let lemma = unit.lemma.clone();
        self.at += 1;
        self.phrases.moves = moves(&lemma);
        self.frame.verb = Some(Verb { lemma, particle: None, span });
        self.particle();
        true
    }

    /// "let AI classify", "have the team approve": somebody else does it. "let me know" is a verb of its own.
    fn causes(&mut self) -> bool {
        let Some((phrase, end)) = self.phrases.read(self.at + 1) else { return false };
        let verb = self.phrases.unit(end).filter(|unit| unit.verb() == Some(Form::Base));
        if verb.is_none_or(|verb| verb.lemma == "know") {
            return false;
        }
        self.frame.subject = Some(phrase);
        self.at = end;
        true
    }

    /// "sum **up** …", "keep **an eye on** …"
    fn particle(&mut self) -> bool {
        let Some(verb) = self.frame.verb.as_mut().filter(|verb| verb.particle.is_none()) else { return false };
        // Units may hold several words.
        let ahead: Vec<(&str, usize)> = (self.at..self.at + 4)
            .filter_map(|at| Some((self.phrases.unit(at)?, at)))
            .flat_map(|(unit, at)| unit.lemma.split(' ').map(move |word| (word, at + 1)))
            .collect();
        let found = self.vocabulary.particles(&verb.lemma).iter().find(|particle| {
            ahead.len() >= particle.len() && particle.iter().zip(&ahead).all(|(word, (key, _))| word == key)
        });
        let Some(particle) = found else { return false };
        let Some((_, end)) = ahead.get(particle.len() - 1) else { return false };
        // "log in the sheet": a place, no particle.
        let place =
            self.phrases.tag(*end).is_some_and(|tag| matches!(tag, Tag::Word(Class::Determiner(_)) | Tag::Service));
        if place && particle.len() == 1 && matches!(particle.first().map(String::as_str), Some("in" | "on" | "to")) {
            return false;
        }
        verb.particle = Some(particle.join(" "));
        self.at = *end;
        true
    }

    /// All behind the verb.
    fn rest(&mut self) {
        let mut joined = false;
        while let Some(unit) = self.phrases.unit(self.at) {
            let coordinated = std::mem::replace(&mut joined, false);
            match unit.tag {
                Tag::Mark(Mark::Comma) | Tag::Word(Class::And) => joined = true,
                Tag::Word(Class::Not) => self.frame.negated = true,
                Tag::Word(Class::Adverb | Class::Preposition) if self.particle() => continue,
                Tag::Word(Class::Preposition) if unit.lemma == "to" && self.infinitive() => return self.complement(),
                Tag::Word(Class::Preposition) => {
                    self.argument();
                    continue;
                }
                Tag::Word(Class::Question) | Tag::Word(Class::Relative | Class::If) => return self.complement(),
                Tag::Verb(Form::Base | Form::Third | Form::Past | Form::Ing) if self.frame.verb.is_some() => {
                    if self.know() {
                        continue;
                    }
                    return self.complement();
                }
                _ if unit.nominal() => {
                    self.phrase(coordinated);
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    /// "let me **know**"
    fn know(&mut self) -> bool {
        let knows = self.phrases.unit(self.at).is_some_and(|unit| unit.lemma == "know");
        match &mut self.frame.verb {
            Some(verb) if knows && verb.lemma == "let" => {
                verb.particle = Some("know".to_owned());
                self.frame.recipients.append(&mut self.frame.objects);
                self.at += 1;
                true
            }
            _ => false,
        }
    }

    fn infinitive(&self) -> bool {
        self.frame.verb.is_some() && self.phrases.unit(self.at + 1).and_then(Unit::verb) == Some(Form::Base)
    }

    /// All that is left, but the mark that ends it.
    fn complement(&mut self) {
        let mut end = self.phrases.end;
        while end > self.at + 1 && matches!(self.phrases.tag(end - 1), Some(Tag::Mark(_))) {
            end -= 1;
        }
        let span = |at: usize| self.phrases.unit(at).map(|unit| unit.span.clone());
        self.frame.complement = span(self.at).zip(span(end - 1)).map(|(first, last)| -> Span { first.start..last.end });
        self.at = self.phrases.end;
    }

    fn argument(&mut self) {
        let Some(unit) = self.phrases.unit(self.at) else { return };
        let preposition = unit.lemma.clone();
        self.at += 1;
        while matches!(self.phrases.tag(self.at), Some(Tag::Word(Class::Adverb) | Tag::Word(Class::Preposition))) {
            self.at += 1;
        }
        let Some((phrase, end)) = self.phrases.read(self.at) else { return };
        self.at = end;
        self.list = List::Arguments(preposition.clone());
        self.frame.arguments.push(Argument { preposition, phrase });
    }

    fn phrase(&mut self, coordinated: bool) {
        let Some((phrase, end)) = self.phrases.read(self.at) else {
            self.at += 1;
            return;
        };
        self.at = end;
        if coordinated && let List::Arguments(preposition) = &self.list {
            self.frame.arguments.push(Argument { preposition: preposition.clone(), phrase });
            return;
        }
        let to = coordinated && self.list == List::Recipients || !coordinated && self.recipient(&phrase);
        if to {
            self.frame.recipients.push(phrase);
            self.list = List::Recipients;
        } else {
            self.frame.objects.push(phrase);
            self.list = List::Objects;
        }
    }

    /// "mail **me** the result", "tell **the team**"
    fn recipient(&self, phrase: &Phrase) -> bool {
        let Some(verb) = &self.frame.verb else { return false };
        if !self.frame.objects.is_empty() || !self.frame.recipients.is_empty() || self.frame.passive {
            return false;
        }
        let told = matches!(
            verb.lemma.as_str(),
            "tell"
                | "notify"
                | "inform"
                | "remind"
                | "alert"
                | "warn"
                | "mail"
                | "email"
                | "message"
                | "ping"
                | "dm"
                | "text"
                | "ask"
                | "call"
                | "thank"
                | "update"
                | "brief"
                | "answer"
        );
        let given = matches!(
            verb.lemma.as_str(),
            "send"
                | "give"
                | "show"
                | "write"
                | "forward"
                | "make"
                | "bring"
                | "get"
                | "offer"
                | "hand"
                | "pay"
                | "read"
                | "find"
                | "create"
                | "draft"
                | "generate"
                | "prepare"
                | "post"
                | "suggest"
                | "build"
                | "let"
        );
        let person = matches!(
            phrase.head.as_str(),
            "me" | "us" | "him" | "her" | "them" | "you" | "everyone" | "everybody" | "people"
        ) || phrase.services.is_empty() && self.vocabulary.person(&phrase.head) && verb.lemma != "update";
        let it_goes_on = self.phrases.unit(self.at).is_some_and(Unit::nominal);
        person && (told || given && it_goes_on)
            || told
                && verb.lemma != "answer"
                && verb.lemma != "update"
                && verb.lemma != "call"
                && !phrase.services.is_empty()
                && phrase.head.is_empty()
            || (told || given) && it_goes_on && phrase.pronoun
            || told && matches!(phrase.head.as_str(), "channel" | "sender")
    }
}

/// Takes something to a place.
fn moves(verb: &str) -> bool {
    matches!(
        verb,
        "send"
            | "post"
            | "put"
            | "add"
            | "write"
            | "save"
            | "move"
            | "copy"
            | "forward"
            | "append"
            | "push"
            | "publish"
            | "upload"
            | "store"
            | "log"
            | "export"
            | "import"
            | "insert"
            | "mail"
            | "email"
            | "report"
            | "share"
            | "pass"
            | "sync"
            | "turn"
            | "convert"
            | "transform"
            | "deliver"
            | "file"
            | "record"
            | "assign"
            | "attach"
            | "submit"
            | "translate"
    )
}
