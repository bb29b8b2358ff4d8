//! The sentences of notes: about gardens, delivery, prices, the club and competitors.

/// The customers that a sentence may be about.
#[derive(Clone, Copy, PartialEq)]
pub enum Subject {
    /// Anyone, prospects included.
    Anyone,
    /// Somebody who has bought something.
    Buyer,
    /// A member of the club.
    Member,
    /// Somebody who is not in the club.
    Outside,
}

/// A sentence for a note.
pub struct Sentence {
    /// The quadrant of the empathy map.
    pub quadrant: &'static str,
    /// The customers it may be about.
    pub subject: Subject,
    /// 1 for contentment, −1 for discontent, 0 for neither.
    pub tone: i8,
    /// The sentence; without a comma, so that the table needs no quotes.
    pub text: &'static str,
}

const fn sentence(quadrant: &'static str, who: Subject, tone: i8, text: &'static str) -> Sentence {
    Sentence { quadrant, subject: who, tone, text }
}

use Subject::{Anyone, Buyer, Member, Outside};

/// All sentences, twelve a quadrant.
pub const SENTENCES: [Sentence; 72] = [
    sentence("sees", Anyone, 0, "Sees three other garden shops on the way to ours"),
    sentence("sees", Anyone, 0, "Sees the neighbours put in gravel instead of plants"),
    sentence("sees", Anyone, 0, "Sees advertisements of the discounter every week"),
    sentence("sees", Buyer, -1, "Saw yellow leaves on half of the last delivery"),
    sentence("sees", Buyer, 1, "Sees that our plants last longer than those from elsewhere"),
    sentence("sees", Buyer, -1, "Sees empty shelves in the weekends of spring"),
    sentence("sees", Buyer, 1, "Sees the same people behind the counter every year"),
    sentence("sees", Anyone, 0, "Sees videos about vegetable gardens every evening"),
    sentence("sees", Buyer, 0, "Saw the new greenhouse and asked who had built it"),
    sentence("sees", Member, 1, "Sees the member prices and picks those first"),
    sentence("sees", Member, -1, "Sees few offers for members in autumn"),
    sentence("sees", Outside, 0, "Sees members go to the early opening"),
    sentence("says", Buyer, 1, "Says our advice is the reason to come back"),
    sentence("says", Buyer, -1, "Says delivery took nine days and nobody called"),
    sentence("says", Anyone, -1, "Says potting soil is a third cheaper elsewhere"),
    sentence("says", Anyone, 0, "Says the budget for the garden is fixed in February"),
    sentence("says", Buyer, 0, "Says two deliveries a year would be enough"),
    sentence("says", Buyer, 1, "Says the drivers always put the pallets where they should be"),
    sentence("says", Anyone, 0, "Says the well ran dry last summer"),
    sentence("says", Anyone, 0, "Says a competitor offers free delivery above 50 euros"),
    sentence("says", Buyer, -1, "Says the invoice was wrong twice this year"),
    sentence("says", Member, 1, "Says the club evening about pruning was worth the trip"),
    sentence("says", Member, -1, "Says collecting points takes too long to get anything"),
    sentence("says", Outside, -1, "Says it is odd that the neighbour may join the club and she may not"),
    sentence("does", Anyone, 0, "Compares three offers before every large order"),
    sentence("does", Buyer, 1, "Orders everything for spring in one go"),
    sentence("does", Buyer, 0, "Collects the order with a trailer on Saturdays"),
    sentence("does", Anyone, 0, "Buys seeds by post from a seed catalogue"),
    sentence("does", Buyer, -1, "Sends back plants that are smaller than in the picture"),
    sentence("does", Buyer, 1, "Brings friends along to the open day"),
    sentence("does", Anyone, 0, "Replaces the lawn with wild flowers bed by bed"),
    sentence("does", Buyer, 0, "Calls before ordering and orders on the website afterwards"),
    sentence("does", Anyone, 0, "Keeps rainwater in six barrels"),
    sentence("does", Member, 1, "Uses the club card with every order"),
    sentence("does", Member, 1, "Came to all three club evenings"),
    sentence("does", Outside, 0, "Buys tools at a competitor that gives points"),
    sentence("hears", Anyone, 0, "Hears from the allotment society who is cheap"),
    sentence("hears", Anyone, 0, "Heard that a large chain opens a shop nearby next spring"),
    sentence("hears", Buyer, 1, "Hears from colleagues that we answer the phone"),
    sentence("hears", Buyer, -1, "Heard of somebody whose hedge died within a year"),
    sentence("hears", Anyone, 0, "Hears on the radio that peat will be banned"),
    sentence("hears", Anyone, 0, "Heard about us from a landscape gardener"),
    sentence("hears", Buyer, -1, "Heard two different prices from two of us"),
    sentence("hears", Anyone, 0, "Hears complaints of guests about weeds"),
    sentence("hears", Buyer, 1, "Hears from the driver when the next plants come in"),
    sentence("hears", Member, 1, "Heard from another member about the swap day"),
    sentence("hears", Member, 0, "Hears about members only offers from her sister first"),
    sentence("hears", Outside, 0, "Hears members talk about the club and asks how it works"),
    sentence("thinks", Buyer, 1, "Thinks good plants may cost more"),
    sentence("thinks", Anyone, -1, "Thinks we are the expensive shop in town"),
    sentence("thinks", Anyone, 0, "Thinks of having the garden done by a gardener"),
    sentence("thinks", Buyer, 0, "Thinks delivery should be possible on Saturdays"),
    sentence("thinks", Anyone, 0, "Thinks about a roof garden in two years"),
    sentence("thinks", Buyer, -1, "Thinks our website hides the cheap sizes"),
    sentence("thinks", Buyer, 1, "Thinks the guarantee on trees is the best there is"),
    sentence("thinks", Anyone, 0, "Thinks artificial grass is a waste of money"),
    sentence("thinks", Buyer, -1, "Thinks nobody here knows how much he buys"),
    sentence("thinks", Member, 1, "Thinks the club saves about a day out a year"),
    sentence("thinks", Member, 0, "Thinks the club should do something for balconies"),
    sentence("thinks", Outside, -1, "Thinks regular customers deserve a discount without a club"),
    sentence("feels", Buyer, 1, "Feels welcome and is called by name"),
    sentence("feels", Buyer, -1, "Feels rushed in the weekends of May"),
    sentence("feels", Anyone, 0, "Feels guilty about using poison against snails"),
    sentence("feels", Buyer, 1, "Feels sure that a mistake will be put right"),
    sentence("feels", Buyer, -1, "Feels let down about the fence that came late"),
    sentence("feels", Anyone, 0, "Feels proud of the roses at the front"),
    sentence("feels", Anyone, 0, "Feels unsure what grows on clay"),
    sentence("feels", Buyer, -1, "Feels that large customers are served first"),
    sentence("feels", Buyer, 1, "Feels that we care about the garden and not only the sale"),
    sentence("feels", Member, 1, "Feels part of something since joining the club"),
    sentence("feels", Member, -1, "Feels the club sends too much mail"),
    sentence("feels", Outside, -1, "Feels left out of the club offers"),
];
