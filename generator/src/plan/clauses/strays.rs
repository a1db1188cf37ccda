//! Words that the reading gave to a neighbour: an address behind "in five points", "or merge it" behind "don't".

use super::recut::{reread, word};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Mark, Phrase, Reading, Role, Value, Verb},
};

/// What a text is cut into: nothing that has an address.
const UNITS: [&str; 8] = ["bullet point", "point", "sentence", "paragraph", "word", "line", "language", "tone"];

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        denied(reading, at);
        addressed(reading, at);
        for_me(known, reading, at);
        headed(known, reading, at);
        shaped(reading, at);
        whether(known, reading, at);
        tabled(reading, at);
        said(reading, at);
        topic(known, reading, at);
        likened(reading, at);
        matter(known, reading, at);
        brief(known, reading, at);
    }
}

/// "Explain it as if I was five, by mail": how it is told, and no case. The way it is sent belongs to what is sent.
fn likened(reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Condition)?;
    let start = clause.span.start.checked_sub(1)?;
    (word(reading, start) == Some("as") && word(reading, clause.span.start) == Some("if")).then_some(())?;
    let told = reading.clauses.get(at.checked_sub(1)?).filter(|told| told.role == Role::Act)?;
    (told.span.end == clause.span.start && told.sentence == clause.sentence).then_some(())?;
    let sent: Vec<Argument> = clause.frame.iter().flat_map(|frame| frame.arguments.iter()).cloned().collect();
    let way = |argument: &Argument| {
        let named = !argument.phrase.services.is_empty() || !argument.phrase.values.is_empty();
        let by = matches!(argument.preposition.as_str(), "by" | "via" | "over") && argument.phrase.head == "email";
        by || named && matches!(argument.preposition.as_str(), "by" | "via" | "on" | "over" | "to" | "in")
    };
    let sent: Vec<Argument> = sent.into_iter().filter(way).collect();
    let end = sent.iter().map(|argument| argument.phrase.span.start.saturating_sub(1)).min();
    let (whole, sentence) = (clause.span.end, clause.sentence);
    let (under, own) = (told.under.filter(|under| *under != at), clause.under);
    for later in reading.clauses.iter_mut().filter(|later| later.under == Some(at)) {
        later.under = own.filter(|own| *own != at);
    }
    let told = reading.clauses.get_mut(at - 1)?;
    (told.span.end, told.under) = (start, under);
    let frame = told.frame.as_mut()?;
    frame.arguments.retain(|argument| argument.preposition != "as");
    frame.arguments.extend(sent);
    let likened = Clause { span: start..end.unwrap_or(whole), role: Role::Manner, sentence, under, frame: None };
    let rest = Clause { span: end.unwrap_or(whole)..whole, role: Role::Background, ..likened.clone() };
    super::recut::splice(reading, at, if end.is_some() { vec![likened, rest] } else { vec![likened] });
    Some(())
}

/// "Post it, mentioning @everyone": what the message says, and no act of its own.
fn said(reading: &mut Reading, at: usize) -> Option<()> {
    const SAYS: [&str; 16] = [
        "mention",
        "tag",
        "say",
        "state",
        "thank",
        "ask",
        "explain",
        "highlight",
        "credit",
        "quote",
        "cite",
        "note",
        "emphasise",
        "emphasize",
        "name",
        "remind",
    ];
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref().filter(|frame| frame.subject.is_none())?;
    let verb = frame.verb.as_ref().filter(|verb| SAYS.contains(&verb.lemma.as_str()))?;
    let before = reading.clauses.get(at.checked_sub(1)?)?;
    let first = clause.span.clone().find(|at| reading.tokens.get(*at).is_some_and(|token| token.mark().is_none()))?;
    let says = verb.span.start == first && word(reading, first)?.ends_with("ing");
    if says && before.role == Role::Act && before.sentence == clause.sentence {
        reading.clauses.get_mut(at)?.role = Role::Manner;
    }
    Some(())
}

/// "the competitors of Basecamp", "reviews of Notion": the service is what is asked about, nothing is done there.
fn topic(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    const OUTSIDE: [&str; 8] =
        ["competitor", "alternative", "rival", "review", "pricing", "price", "founder", "history"];
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    let outside = |phrase: &Phrase| {
        let last = phrase.head.rsplit(' ').next().unwrap_or_default();
        OUTSIDE.contains(&last) && phrase.services.is_empty() && phrase.tail.is_none()
    };
    let bare = |phrase: &Phrase| phrase.head.is_empty() && phrase.values.is_empty() && !phrase.services.is_empty();
    let lemma = frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str());
    let put = lemma == "add" || known.is(lemma, Class::Store) || known.is(lemma, Class::Tell);
    let sought = |argument: &Argument| argument.preposition == "for" && outside(&argument.phrase);
    let object = frame.objects.iter().position(outside);
    // "search the web for reviews of Notion"
    let searched = frame.arguments.iter().position(sought).filter(|_| object.is_none() && !put);
    let end = match (object, searched) {
        (Some(object), _) => frame.objects.get(object)?.span.end,
        (None, argument) => frame.arguments.get(argument?)?.phrase.span.end,
    };
    let about = frame.arguments.iter().position(|argument| {
        let next = (end..=end + 1).contains(&argument.phrase.span.start);
        // "save the price to Airtable" keeps it there.
        let of =
            matches!(argument.preposition.as_str(), "of" | "about" | "for") || argument.preposition == "to" && !put;
        next && bare(&argument.phrase) && of
    })?;
    let about_end = frame.arguments.get(about)?.phrase.span.end;
    let phrase = match (object, searched) {
        (Some(object), _) => frame.objects.get_mut(object)?,
        (None, argument) => &mut frame.arguments.get_mut(argument?)?.phrase,
    };
    phrase.span.end = about_end;
    frame.arguments.remove(about);
    Some(())
}

/// "posts about Kubernetes or Docker", "news on Tesla": what they are about, and nothing that is worked with.
fn matter(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    const TOLD: [&str; 8] = ["news", "headline", "update", "article", "story", "information", "report", "briefing"];
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    let told = frame
        .objects
        .iter()
        .any(|phrase| phrase.services.is_empty() && TOLD.contains(&phrase.head.rsplit(' ').next().unwrap_or_default()));
    // A service that has no texts of others: NVIDIA has blocks, but no news.
    let foreign = |phrase: &Phrase| {
        phrase.services.iter().all(|name| {
            let texts = known.channel(name).is_some() || known.container(name).is_some() || known.is_passive(name);
            !texts && name != "GitHub" && name != "Reddit"
        })
    };
    let about = |argument: &&mut Argument| match argument.preposition.as_str() {
        "about" | "mentioning" | "regarding" => true,
        "on" | "for" | "of" => told && foreign(&argument.phrase),
        _ => false,
    };
    for phrase in frame.arguments.iter_mut().filter(about).map(|argument| &mut argument.phrase) {
        if phrase.head.is_empty() && phrase.values.is_empty() {
            phrase.head = std::mem::take(&mut phrase.services).join(" ").to_lowercase();
        }
    }
    Some(())
}

/// "create a brief": the word is the thing here, and no quality.
fn brief(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    for phrase in &mut frame.objects {
        let bare = phrase.head.is_empty() && !phrase.pronoun && phrase.values.is_empty() && phrase.services.is_empty();
        if let Some(head) = phrase.modifiers.pop_if(|last| bare && known.is_product(last)) {
            phrase.head = head;
        }
    }
    Some(())
}

/// "Don't approve or merge anything"
fn denied(reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at)?;
    let before = reading.clauses.get(at.checked_sub(1)?)?;
    let goes_on = matches!(word(reading, clause.span.start)?, "or" | "nor") && before.sentence == clause.sentence;
    let denies = before.frame.as_ref()?.negated && before.role == Role::Act && clause.role == Role::Act;
    reading.clauses.get_mut(at)?.frame.as_mut()?.negated |= goes_on && denies;
    Some(())
}

/// "this article in 5 bullet points https://…": the address of the article.
fn addressed(reading: &mut Reading, at: usize) -> Option<()> {
    let tokens = &reading.tokens;
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    let [object, ..] = frame.objects.as_mut_slice() else { return None };
    let url = |at: &usize| matches!(tokens.get(*at).and_then(|token| token.value()), Some(Value::Url(_)));
    let unit = frame.arguments.iter_mut().map(|argument| &mut argument.phrase);
    let unit =
        unit.into_iter().find(|phrase| UNITS.contains(&phrase.head.as_str()) && phrase.values.iter().any(url))?;
    let (addresses, others) = std::mem::take(&mut unit.values).into_iter().partition(url);
    unit.values = others;
    unit.span.end = unit.values.iter().map(|at| at + 1).max().unwrap_or(unit.span.end - 1).max(unit.span.start + 1);
    let addresses: Vec<usize> = addresses;
    object.values.extend(addresses);
    Some(())
}

/// "Write commit messages for me": nobody is told.
fn for_me(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    known.composes(&frame.verb.as_ref()?.lemma).then_some(())?;
    frame
        .arguments
        .retain(|argument| argument.preposition != "for" || !matches!(argument.phrase.head.as_str(), "me" | "us"));
    Some(())
}

/// "Find leads: - dentists in Austin": what stands below the heading is what is found.
fn headed(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref().filter(|frame| frame.arguments.is_empty() && frame.recipients.is_empty())?;
    let verb = frame.verb.clone().filter(|verb| known.is(&verb.lemma, Class::Search))?;
    let [object] = frame.objects.as_slice() else { return None };
    let bare = object.plural && object.determiner == Determiner::None && object.services.is_empty();
    let marks = clause.span.clone().rev().map_while(|at| reading.tokens.get(at)?.mark());
    let colon = marks.into_iter().any(|mark| mark == Mark::Colon);
    let next = reading.clauses.get(at + 1).filter(|next| next.role == Role::Act && bare && colon)?;
    let below = next.frame.as_ref().filter(|frame| frame.verb.is_none())?;
    below.objects.first().filter(|first| first.plural && !first.pronoun)?;
    let start = next.span.start;
    let next = reading.clauses.get_mut(at + 1)?.frame.as_mut()?;
    next.verb = Some(Verb { span: start..start, ..verb });
    reading.clauses.get_mut(at)?.role = Role::LeadIn;
    Some(())
}

/// "Rewrite it so that it is gender neutral": what it is to be like, and no reason.
fn shaped(reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Background)?;
    let so = word(reading, clause.span.start)? == "so" && word(reading, clause.span.start + 1)? == "that";
    let frame = clause.frame.as_ref().filter(|_| so)?;
    let it = frame.subject.as_ref().is_some_and(|subject| matches!(subject.head.as_str(), "it" | "they"));
    let state = frame.verb.as_ref().is_some_and(|verb| matches!(verb.lemma.as_str(), "be" | "fit" | "read" | "sound"));
    let before = reading.clauses.get(at.checked_sub(1)?)?;
    if it && state && before.role == Role::Act && before.sentence == clause.sentence {
        reading.clauses.get_mut(at)?.role = Role::Manner;
    }
    Some(())
}

/// "monitor whether a competitor changes its pricing page": the page is watched.
fn whether(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref().filter(|frame| frame.objects.is_empty())?;
    let watches = matches!(frame.verb.as_ref()?.lemma.as_str(), "monitor" | "watch" | "track" | "check");
    let told = frame.complement.clone().filter(|_| watches)?;
    matches!(word(reading, told.start)?, "whether" | "if").then_some(())?;
    let read = reread(known, reading, told.start + 1..told.end, None).into_iter().next()?.frame?;
    let changes = read.verb.as_ref().is_some_and(|verb| matches!(verb.lemma.as_str(), "change" | "update" | "edit"));
    let thing = read.objects.into_iter().chain(read.subject).find(|phrase| !phrase.pronoun && changes)?;
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    frame.complement = None;
    frame.objects.push(Phrase { determiner: Determiner::The, ..thing });
    Some(())
}

/// "make a spreadsheet of name, phone and link": these are added to one.
fn tabled(reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act && at > 0)?;
    let frame = clause.frame.as_mut()?;
    let verb = frame.verb.as_mut().filter(|verb| matches!(verb.lemma.as_str(), "make" | "create" | "build"))?;
    let [sheet] = frame.objects.as_slice() else { return None };
    let kept = sheet.head == "spreadsheet" && sheet.determiner == Determiner::Some;
    let columns = frame.arguments.iter().filter(|of| kept && matches!(of.preposition.as_str(), "of" | "with")).count();
    (columns > 1).then_some(())?;
    "add".clone_into(&mut verb.lemma);
    let (of, others): (Vec<Argument>, Vec<Argument>) = std::mem::take(&mut frame.arguments)
        .into_iter()
        .partition(|of| matches!(of.preposition.as_str(), "of" | "with"));
    let objects = of.into_iter().map(|of| of.phrase).collect();
    let sheet = std::mem::replace(&mut frame.objects, objects).pop()?;
    frame.arguments = others;
    frame.arguments.push(Argument { preposition: "to".to_owned(), phrase: sheet });
    Some(())
}
