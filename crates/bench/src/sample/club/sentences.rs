//! The sentences of notes: about gardens, delivery, prices, the club and competitors.

/// The customers that a sentence may be about.
#[derive(Clone, Copy, PartialEq)]
pub enum Who {
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
    pub who: Who,
    /// 1 for contentment, −1 for discontent, 0 for neither.
    pub tone: i8,
    /// The sentence; without a comma, so that the table needs no quotes.
    pub text: &'static str,
}

const fn s(quadrant: &'static str, who: Who, tone: i8, text: &'static str) -> Sentence {
    Sentence { quadrant, who, tone, text }
}

use Who::{Anyone, Buyer, Member, Outside};

/// All sentences, twelve a quadrant.
pub const SENTENCES: [Sentence; 72] = [
    s("sees", Anyone, 0, "Sees three other garden shops on the way to ours"),
    s("sees", Anyone, 0, "Sees the neighbours put in gravel instead of plants"),
    s("sees", Anyone, 0, "Sees advertisements of the discounter every week"),
    s("sees", Buyer, -1, "Saw yellow leaves on half of the last delivery"),
    s("sees", Buyer, 1, "Sees that our plants last longer than those from elsewhere"),
    s("sees", Buyer, -1, "Sees empty shelves in the weekends of spring"),
    s("sees", Buyer, 1, "Sees the same people behind the counter every year"),
    s("sees", Anyone, 0, "Sees videos about vegetable gardens every evening"),
    s("sees", Buyer, 0, "Saw the new greenhouse and asked who had built it"),
    s("sees", Member, 1, "Sees the member prices and picks those first"),
    s("sees", Member, -1, "Sees few offers for members in autumn"),
    s("sees", Outside, 0, "Sees members go to the early opening"),
    s("says", Buyer, 1, "Says our advice is the reason to come back"),
    s("says", Buyer, -1, "Says delivery took nine days and nobody called"),
    s("says", Anyone, -1, "Says potting soil is a third cheaper elsewhere"),
    s("says", Anyone, 0, "Says the budget for the garden is fixed in February"),
    s("says", Buyer, 0, "Says two deliveries a year would be enough"),
    s("says", Buyer, 1, "Says the drivers always put the pallets where they should be"),
    s("says", Anyone, 0, "Says the well ran dry last summer"),
    s("says", Anyone, 0, "Says a competitor offers free delivery above 50 euros"),
    s("says", Buyer, -1, "Says the invoice was wrong twice this year"),
    s("says", Member, 1, "Says the club evening about pruning was worth the trip"),
    s("says", Member, -1, "Says collecting points takes too long to get anything"),
    s("says", Outside, -1, "Says it is odd that the neighbour may join the club and she may not"),
    s("does", Anyone, 0, "Compares three offers before every large order"),
    s("does", Buyer, 1, "Orders everything for spring in one go"),
    s("does", Buyer, 0, "Collects the order with a trailer on Saturdays"),
    s("does", Anyone, 0, "Buys seeds by post from a seed catalogue"),
    s("does", Buyer, -1, "Sends back plants that are smaller than in the picture"),
    s("does", Buyer, 1, "Brings friends along to the open day"),
    s("does", Anyone, 0, "Replaces the lawn with wild flowers bed by bed"),
    s("does", Buyer, 0, "Calls before ordering and orders on the website afterwards"),
    s("does", Anyone, 0, "Keeps rainwater in six barrels"),
    s("does", Member, 1, "Uses the club card with every order"),
    s("does", Member, 1, "Came to all three club evenings"),
    s("does", Outside, 0, "Buys tools at a competitor that gives points"),
    s("hears", Anyone, 0, "Hears from the allotment society who is cheap"),
    s("hears", Anyone, 0, "Heard that a large chain opens a shop nearby next spring"),
    s("hears", Buyer, 1, "Hears from colleagues that we answer the phone"),
    s("hears", Buyer, -1, "Heard of somebody whose hedge died within a year"),
    s("hears", Anyone, 0, "Hears on the radio that peat will be banned"),
    s("hears", Anyone, 0, "Heard about us from a landscape gardener"),
    s("hears", Buyer, -1, "Heard two different prices from two of us"),
    s("hears", Anyone, 0, "Hears complaints of guests about weeds"),
    s("hears", Buyer, 1, "Hears from the driver when the next plants come in"),
    s("hears", Member, 1, "Heard from another member about the swap day"),
    s("hears", Member, 0, "Hears about members only offers from her sister first"),
    s("hears", Outside, 0, "Hears members talk about the club and asks how it works"),
    s("thinks", Buyer, 1, "Thinks good plants may cost more"),
    s("thinks", Anyone, -1, "Thinks we are the expensive shop in town"),
    s("thinks", Anyone, 0, "Thinks of having the garden done by a gardener"),
    s("thinks", Buyer, 0, "Thinks delivery should be possible on Saturdays"),
    s("thinks", Anyone, 0, "Thinks about a roof garden in two years"),
    s("thinks", Buyer, -1, "Thinks our website hides the cheap sizes"),
    s("thinks", Buyer, 1, "Thinks the guarantee on trees is the best there is"),
    s("thinks", Anyone, 0, "Thinks artificial grass is a waste of money"),
    s("thinks", Buyer, -1, "Thinks nobody here knows how much he buys"),
    s("thinks", Member, 1, "Thinks the club saves about a day out a year"),
    s("thinks", Member, 0, "Thinks the club should do something for balconies"),
    s("thinks", Outside, -1, "Thinks regular customers deserve a discount without a club"),
    s("feels", Buyer, 1, "Feels welcome and is called by name"),
    s("feels", Buyer, -1, "Feels rushed in the weekends of May"),
    s("feels", Anyone, 0, "Feels guilty about using poison against snails"),
    s("feels", Buyer, 1, "Feels sure that a mistake will be put right"),
    s("feels", Buyer, -1, "Feels let down about the fence that came late"),
    s("feels", Anyone, 0, "Feels proud of the roses at the front"),
    s("feels", Anyone, 0, "Feels unsure what grows on clay"),
    s("feels", Buyer, -1, "Feels that large customers are served first"),
    s("feels", Buyer, 1, "Feels that we care about the garden and not only the sale"),
    s("feels", Member, 1, "Feels part of something since joining the club"),
    s("feels", Member, -1, "Feels the club sends too much mail"),
    s("feels", Outside, -1, "Feels left out of the club offers"),
];
