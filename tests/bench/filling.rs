//! How a benchmark fills a history: as the receiver does, without a socket.

use hookglass::exchange::Responded;
use hookglass::inspect;
use hookglass::protocol::verdict::Replay;
use hookglass::protocol::{self, Kept, SdkApp};
use hookglass::store::{Arrival, Index, Read};
use hookglass::wire::Request;

/// A request as it arrives and is responded to, judged by these apps.
pub fn arrival(request: Request, response: Responded, apps: &[SdkApp]) -> Arrival {
    let callback = protocol::parse(&request);
    let inspection = inspect::judge_early(&request, callback, apps, &Kept::default());
    let (index, read) = (Index::of(&inspection, apps), Read::of(inspection.asked(), &response));
    Arrival { request, response: Some(response), replay: Replay::First, replay_key: None, index, read: Some(read) }
}
