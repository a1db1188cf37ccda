//! Sets apart what no single step makes: "write a post and an image" writes one and draws the other.

use super::recut::{is_joint, splice};
use crate::{
    knowledge::{Class, Knowledge},
    plan::wording::media::{is_medium, is_picture},
    reading::{Argument, Clause, Determiner, Frame, Phrase, Reading, Role, Span, Verb},
};

/// More is not made of one clause.
const PARTS: usize = 6;

/// Cuts a clause whose objects are of several kinds, one of them a picture, a sound or a film; says how many clauses there
/// are now.
pub(in crate::plan) fn media(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let frame = clause.frame.as_ref()?;
    // "get a poem and a picture": they are made.
    let gets = |lemma: &str| {
        matches!(lemma, "get" | "receive" | "return" | "output" | "give")
            && frame.objects.iter().all(|phrase| phrase.determiner == Determiner::Some && phrase.services.is_empty())
    };
    let mut verb = frame.verb.clone().filter(|verb| known.composes(&verb.lemma) || gets(&verb.lemma))?;
    if gets(&verb.lemma) {
        "create".clone_into(&mut verb.lemma);
    }
    let objects = &frame.objects;
    let medium = |phrase: &Phrase| is_medium(&phrase.head);
    let joined = |phrase: &Phrase| phrase.span.start.checked_sub(1).is_some_and(|before| is_joint(reading, before));
    let listed = objects.iter().skip(1).all(joined);
    if objects.len() < 2 || objects.len() > PARTS || !listed || !objects.iter().any(medium) {
        return None;
    }
    // Texts that stand together are written together.
    let mut groups: Vec<Vec<&Phrase>> = Vec::new();
    for phrase in objects {
        match groups.last_mut() {
            Some(group) if !medium(phrase) && !group.iter().any(|other| medium(other)) => group.push(phrase),
            _ => groups.push(vec![phrase]),
        }
    }
    let last = objects.last()?.span.end;
    let starts: Vec<usize> = groups.iter().filter_map(|group| group.first()).map(|phrase| phrase.span.start).collect();
    let mut parts: Vec<Clause> = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        let from = if index == 0 { clause.span.start } else { *starts.get(index)? };
        let end = starts.get(index + 1).copied().unwrap_or(clause.span.end);
        let own = |span: &Span| (from..end).contains(&span.start) || span.start >= last;
        let mut verb = verb.clone();
        if index > 0 {
            verb.span = from..from;
        }
        let frame = Frame {
            verb: Some(verb),
            objects: group.iter().map(|phrase| (*phrase).clone()).collect(),
            arguments: frame.arguments.iter().filter(|argument| own(&argument.phrase.span)).cloned().collect(),
            ..frame.clone()
        };
        parts.push(Clause { span: from..end, frame: Some(frame), ..clause.clone() });
    }
    let count = parts.len();
    splice(reading, at, parts);
    Some(count)
}

/// "Write an article, generate a cover image and save it": both of them, for the picture belongs to the text.
pub(in crate::plan) fn covers(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    const BELONGS: [&str; 11] = [
        "cover",
        "header",
        "featured",
        "matching",
        "fitting",
        "suitable",
        "hero",
        "accompanying",
        "title",
        "thumbnail",
        "preview",
    ];
    let [text, drawn, sent] = reading.clauses.get(at.checked_sub(2)?..=at)? else { return None };
    let act = |clause: &Clause| {
        let frame = clause.frame.as_ref().filter(|_| clause.role == Role::Act && clause.sentence == text.sentence)?;
        let [only] = frame.objects.as_slice() else { return None };
        Some((frame.verb.as_ref()?.lemma.clone(), only.clone()))
    };
    let ((writes, written), (draws, picture)) = (act(text)?, act(drawn)?);
    // "… and publish to WordPress"
    let bare = sent.frame.as_ref().filter(|frame| {
        let placed = frame.arguments.iter().any(|argument| !argument.phrase.services.is_empty());
        sent.role == Role::Act && frame.objects.is_empty() && frame.complement.is_none() && placed
    });
    let (hands, it) = act(sent).or_else(|| {
        let verb = bare?.verb.as_ref()?;
        let span = verb.span.end..verb.span.end;
        let it = Phrase { span, head: "it".to_owned(), pronoun: true, ..Phrase::default() };
        Some((verb.lemma.clone(), it))
    })?;
    let belongs =
        picture.head.split(' ').chain(picture.modifiers.iter().map(String::as_str)).any(|word| BELONGS.contains(&word));
    let made =
        known.composes(&writes) && known.composes(&draws) && !is_medium(&written.head) && is_medium(&picture.head);
    let goes = known.is(&hands, Class::Tell) || known.is(&hands, Class::Store);
    (made && belongs && goes && it.pronoun && it.head == "it").then_some(())?;
    let place = it.span.start;
    reading.clauses.get_mut(at)?.frame.as_mut()?.objects = together(place);
    Some(())
}

/// "Tweet a quote with a matching image": the text is written, the picture is made for it, and both go out together.
/// Returns over how many clauses.
pub(in crate::plan) fn illustrated(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let mut frame = clause.frame.clone().filter(|frame| !frame.negated && frame.complement.is_none())?;
    let verb = frame.verb.clone()?;
    let writes = known.composes(&verb.lemma);
    let tells = known.is(&verb.lemma, Class::Tell) && !writes;
    let [text] = frame.objects.as_slice() else { return None };
    let new = |phrase: &Phrase| {
        let plain = phrase.tail.is_none() && phrase.values.is_empty() && !phrase.pronoun && !phrase.head.is_empty();
        plain && matches!(phrase.determiner, Determiner::Some | Determiner::None) && !phrase.plural
    };
    let text = text.clone();
    // "an email with a photo": it is sent, and holds nothing yet.
    let worded = new(&text) && text.determiner == Determiner::Some && !is_medium(&text.head);
    let worded = worded && !matches!(text.head.as_str(), "email" | "mail" | "message" | "text" | "sms");
    let beside = frame.arguments.iter().position(|argument| {
        let with = matches!(argument.preposition.as_str(), "with" | "together with" | "along with" | "plus");
        with && is_picture(&argument.phrase.head) && argument.phrase.services.is_empty() && new(&argument.phrase)
    });
    // "Create a page in Notion with an image of a cat": what is put there is no text that goes out.
    let kept = frame.arguments.iter().any(|place| {
        place
            .phrase
            .services
            .iter()
            .any(|service| known.container(service).is_some() && known.channel(service).is_none())
    });
    let beside = beside.filter(|_| worded && (writes || tells) && !kept)?;
    let picture = frame.arguments.remove(beside).phrase;
    // "with a photo of the product": what is to be seen on it.
    let shown = |argument: &Argument| {
        let start = argument.phrase.span.start;
        argument.preposition == "of" && (picture.span.end..picture.span.end + 2).contains(&start)
    };
    let shown: Vec<Argument> = frame.arguments.extract_if(.., |argument| shown(argument)).collect();
    // "with an image from Unsplash": that one is there, and nobody draws it.
    if frame.arguments.iter().any(|from| from.preposition == "from" && from.phrase.span.start >= picture.span.end) {
        return None;
    }
    let place = |argument: &Argument| matches!(argument.preposition.as_str(), "to" | "in" | "on" | "via" | "by");
    let behind = |argument: &Argument| argument.phrase.span.start >= picture.span.end;
    let out = |argument: &mut Argument| tells && (place(argument) || behind(argument));
    let rest: Vec<Argument> = frame.arguments.extract_if(.., out).collect();
    let first = std::mem::take(&mut frame.arguments);
    let ahead = first.iter().map(|argument| argument.phrase.span.end).filter(|end| *end <= picture.span.start);
    let cut = ahead.max().unwrap_or(text.span.end).max(text.span.end);
    let shows = shown.iter().map(|argument| argument.phrase.span.end).max().unwrap_or(picture.span.end);
    let write = Verb { lemma: if writes { verb.lemma.clone() } else { "write".to_owned() }, ..verb.clone() };
    let draw = Verb { lemma: "generate".to_owned(), particle: None, span: picture.span.start..picture.span.start };
    let end = if tells { shows } else { clause.span.end };
    let written = Frame { verb: Some(write), objects: vec![text], arguments: first, ..Frame::default() };
    let drawn = Frame { verb: Some(draw), objects: vec![picture], arguments: shown, ..Frame::default() };
    let mut parts = vec![
        Clause { span: clause.span.start..cut, frame: Some(written), ..clause.clone() },
        Clause { span: cut..end, frame: Some(drawn), ..clause.clone() },
    ];
    if tells {
        let sent = Verb { span: end..end, ..verb };
        let out = Frame { verb: Some(sent), objects: together(end), arguments: rest, ..frame };
        parts.push(Clause { span: end..clause.span.end, frame: Some(out), ..clause });
    } else if let Some(next) = reading.clauses.get_mut(at + 1).and_then(|next| next.frame.as_mut()) {
        // "…, and post it"
        let it = |phrase: &Phrase| phrase.pronoun && matches!(phrase.head.as_str(), "it" | "them" | "both");
        let goes = next.verb.as_ref().is_some_and(|verb| known.is(&verb.lemma, Class::Tell));
        if goes && matches!(next.objects.as_slice(), [only] if it(only)) {
            next.objects = together(next.objects.first().map_or(end, |it| it.span.start));
        }
    }
    let count = parts.len();
    splice(reading, at, parts);
    Some(count)
}

fn together(at: usize) -> Vec<Phrase> {
    vec![Phrase { span: at..at, head: "both".to_owned(), pronoun: true, plural: true, ..Phrase::default() }]
}
