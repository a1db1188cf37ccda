//! Which block does an act: a sum of how well the service, the verb, the object and the number fit, less what the block
//! needs that nobody has. Only blocks that the catalogue's index gives for the service or the object are looked at.

use crate::{
    catalogue::{Action, Block, Meaning, schema::Types},
    knowledge::{Class, Knowledge},
};

/// What is wanted of a block.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Want<'w> {
    pub(in crate::plan) lemma: &'w str,
    pub(in crate::plan) class: Class,
    /// Names of what is worked on, the most telling first.
    pub(in crate::plan) nouns: &'w [String],
    pub(in crate::plan) service: Option<&'w str>,
    /// Several are wanted.
    pub(in crate::plan) many: bool,
}

/// How well a block fits, part by part.
#[derive(Debug, Clone, Copy, Default)]
struct Fit {
    /// The service that is named; a service nobody named is a risk.
    service: f32,
    /// The very verb, and what it asks for.
    verb: f32,
    /// What is worked on.
    object: f32,
    /// One or several.
    number: f32,
    /// The block that such acts usually mean.
    usual: f32,
    /// Identifiers that have to be known first.
    burden: f32,
}

impl Fit {
    fn sum(self) -> f32 {
        self.service + self.verb + self.object + self.number + self.usual - self.burden
    }
}

/// The blocks that fit, the best first; equal ones in the order of the catalogue.
pub(in crate::plan) fn choose<'k>(known: &'k Knowledge, want: &Want<'_>) -> Vec<(&'k Block, f32)> {
    let mut places = match want.service {
        Some(service) => known.catalogue.blocks_of(service).to_vec(),
        None => want.nouns.iter().flat_map(|noun| known.catalogue.blocks_about(noun).iter().copied()).collect(),
    };
    places.sort_unstable();
    places.dedup();
    let fits = places.into_iter().filter_map(|at| {
        let block = known.catalogue.blocks().get(at)?;
        Some((block, fit(known, block, known.catalogue.meaning(at), want)?.sum()))
    });
    let mut found: Vec<(&Block, f32)> = fits.collect();
    found.sort_by(|(_, left), (_, right)| right.total_cmp(left));
    found
}

/// The best block, if it is good enough to stake an act on.
pub(in crate::plan) fn best<'k>(known: &'k Knowledge, want: &Want<'_>) -> Option<&'k Block> {
    let enough = if want.service.is_some() { 4.0 } else { 4.5 };
    choose(known, want).into_iter().next().filter(|(_, score)| *score >= enough).map(|(block, _)| block)
}

fn fit(known: &Knowledge, block: &Block, meaning: &Meaning, want: &Want<'_>) -> Option<Fit> {
    if block.is_agent_input() || block.is_agent_output() {
        return None;
    }
    let knows = known.of(block);
    let service = match (want.service, &meaning.service) {
        (Some(_), _) => 3.0,
        (None, Some(_)) if knows.is_some() => -0.5,
        (None, Some(_)) => -1.5,
        (None, None) => 0.5,
    };
    // The nearest verb first.
    let said = meaning.verbs.iter().position(|verb| verb == want.lemma);
    let asked = known.serves(block, want.class);
    // "list" may mean to put on a list: a block that only reads does not.
    let reads = want.class != Class::Fetch && known.serves(block, Class::Fetch) && meaning.service.is_some();
    if !asked && (said.is_none() || reads) {
        return None;
    }
    // What takes an entry of another block apart reads nothing by itself.
    let inner =
        |name: &&str| block.input_type(name).is_some_and(|types| !types.is_any() && types.is_within(Types::OBJECT));
    if want.class == Class::Fetch
        && meaning.action == Action::Extract
        && block.required_inputs().filter(|name| !block.is_credential(name)).any(|name| inner(&name))
    {
        return None;
    }
    // What cannot be taken back is done only where the verb says so.
    if said.is_none()
        && (matches!(meaning.action, Action::Delete | Action::Cancel)
            || meaning.verbs.first().is_some_and(|verb| verb == "merge"))
    {
        return None;
    }
    if is_figure(meaning, want.lemma, want.nouns) {
        return None;
    }
    // A noun further back tells less.
    let far = (0_u8..4).chain(std::iter::repeat(4));
    let object = want.nouns.iter().zip(far).map(|(noun, far)| concern(meaning, noun) - f32::from(far) * 0.3);
    let object = object.fold(if want.nouns.is_empty() { 1.0 } else { 0.0 }, f32::max);
    if object <= 0.0 && want.service.is_none() {
        return None;
    }
    let missed = object <= 0.0 && !want.nouns.iter().all(|noun| known.is_generic(noun));
    let number = match meaning.action {
        Action::List if want.class == Class::Fetch && want.many => 1.0,
        // A search that takes all of what it is told as it comes, against a look at one.
        Action::Search if want.class == Class::Fetch && want.many && want.service.is_some() && is_open(block) => 0.8,
        Action::Get | Action::Read if want.class == Class::Fetch => {
            if want.many {
                -0.8
            } else {
                0.6
            }
        }
        _ => 0.0,
    };
    // "go through my Google Sheet": what the service holds.
    let holds = want.nouns.is_empty()
        && want.class == Class::Fetch
        && want.service.and_then(|service| known.container(service)).is_some_and(|container| container.id == block.id);
    let also = |nouns: &[String]| want.nouns.iter().skip(1).any(|noun| nouns.contains(noun));
    let ids =
        block.required_inputs().filter(|name| ["_id", "Id", "_ids"].iter().any(|end| name.ends_with(end))).count();
    Some(Fit {
        service,
        verb: said.map_or(0.0, |place| 1.5 - 0.1 * small(place, 5)) + if asked { 1.0 } else { 0.0 },
        // Something else of the service is not what was asked to be read, but where it holds whatever people put there.
        object: match missed {
            true if want.class == Class::Fetch && want.service.is_none_or(|name| known.container(name).is_none()) => {
                -2.6
            }
            true => -2.0,
            false => object,
        },
        number,
        // The block for one is not what people mean by many.
        usual: knows.filter(|_| number >= 0.0).map_or(0.0, |knows| if also(&knows.nouns) { 1.3 } else { 0.8 })
            + if holds { 2.5 } else { 0.0 },
        // Of two that fit alike the simpler one has the shorter name.
        burden: 0.35 * small(ids, 8) + 0.02 * small(block.name.len(), 60),
    })
}

/// "Get the rows", "check the words": not how many there are.
pub(in crate::plan) fn is_figure(meaning: &Meaning, lemma: &str, nouns: &[String]) -> bool {
    let counts = meaning.verbs.first().is_some_and(|verb| verb == "count" && verb != lemma);
    counts && meaning.objects.first().is_some_and(|figure| !nouns.contains(figure))
}

/// Needs nothing to be known first.
fn is_open(block: &Block) -> bool {
    block.required_inputs().all(|name| block.is_credential(name))
}

/// How well a noun names what a block works on: by the whole of it, or by its last word.
fn concern(meaning: &Meaning, noun: &str) -> f32 {
    if let Some(place) = meaning.objects.iter().position(|object| object == noun) {
        return 2.6 + 0.5 * small(noun.split(' ').count(), 4) - 0.15 * small(place, 8);
    }
    let last = |text: &str| text.rsplit(' ').next().map(str::to_owned);
    let shares = |object: &String| last(object).as_deref() == Some(noun) || last(noun).as_deref() == Some(object);
    if meaning.objects.iter().any(shares) { 1.6 } else { 0.0 }
}

fn small(count: usize, most: u8) -> f32 {
    f32::from(u8::try_from(count).unwrap_or(most).min(most))
}
