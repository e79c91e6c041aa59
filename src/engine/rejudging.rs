//! Judging again: when a token is entered, and when this program reads requests otherwise than the one that judged them.
//!
//! The history remembers what is to be judged, so that it goes on where it was when the program ends before it is over.

use super::jobs::Shared;
use super::{Error, spawn};
use crate::messages::Event;
use crate::protocol::{SdkApp, catalogue};
use crate::store::{self, Index, Judgement, Progress, Read, Reader, Rejudging, Stored, Writer};
use std::sync::mpsc::Receiver as Queue;

/// How many exchanges are judged again in one transaction.
const AT_ONCE: usize = 256;

/// The name of the fact in the history that says which program judged it.
const JUDGE: &str = "judge";

/// The name of the fact that says with which tokens it was judged.
const TOKENS: &str = "tokens";

/// What the thread is asked. The text says which tokens there are now.
#[derive(Debug)]
pub enum Wanted {
    /// Go on with what was left, and judge all where another program judged it, or tokens were entered meanwhile.
    Rest(String),
    /// Judge these, since a token was entered.
    These(Rejudging, String),
}

/// Judges again whatever is wanted, in small transactions behind arrivals.
pub fn start(shared: &Shared, reader: Reader, writer: Writer, wanted: Queue<Wanted>) -> Result<(), Error> {
    let work = Work { shared: shared.clone(), reader, writer };
    spawn("rejudge", move || {
        for wanted in wanted {
            if let Err(error) = work.note(wanted).and_then(|()| work.judge_all()) {
                work.shared.failed(error);
            }
        }
    })?;
    Ok(())
}

struct Work {
    shared: Shared,
    reader: Reader,
    writer: Writer,
}

impl Work {
    fn note(&self, wanted: Wanted) -> Result<(), store::Error> {
        let (rejudgings, tokens) = match wanted {
            Wanted::These(rejudging, tokens) => (vec![rejudging], tokens),
            Wanted::Rest(tokens) => {
                let of_apps = self.all_of_other_tokens(&tokens)?;
                (self.all_of_another_judge()?.into_iter().chain(of_apps).collect(), tokens)
            }
        };
        for rejudging in rejudgings {
            // Where the store was closed there is nothing left to do, which the next step finds out.
            self.writer.have_judged_again(rejudging).blocking_recv().ok();
        }
        if self.reader.fact(TOKENS)?.unwrap_or_default() != tokens {
            self.writer.remember(TOKENS, tokens);
        }
        Ok(())
    }

    /// All of each app that has a token, where the history was closed when one was entered.
    fn all_of_other_tokens(&self, tokens: &str) -> Result<Vec<Rejudging>, store::Error> {
        if self.reader.fact(TOKENS)?.unwrap_or_default() == tokens {
            return Ok(Vec::new());
        }
        let upto = self.reader.newest()?;
        let apps = self.shared.apps();
        let with_token = apps.iter().filter(|app| upto > 0 && !app.tokens.is_empty());
        Ok(with_token.map(|app| Rejudging { app: app.id.clone(), after: 0, upto }).collect())
    }

    /// All there is, where another version or another catalogue judged it.
    fn all_of_another_judge(&self) -> Result<Option<Rejudging>, store::Error> {
        let this = format!("{} {}", env!("CARGO_PKG_VERSION"), catalogue::fingerprint());
        if self.reader.fact(JUDGE)?.as_deref() == Some(this.as_str()) {
            return Ok(None);
        }
        let upto = self.reader.newest()?;
        self.writer.remember(JUDGE, this);
        Ok((upto > 0).then(|| Rejudging { app: String::new(), after: 0, upto }))
    }

    fn judge_all(&self) -> Result<(), store::Error> {
        let mut any = false;
        while let Some(rejudging) = self.reader.rejudgings()?.into_iter().next() {
            any = true;
            if !self.judge_some(&rejudging)? {
                return Ok(());
            }
        }
        if any {
            (self.shared.tell)(Event::Judging { left: 0 });
            (self.shared.tell)(Event::Rejudged);
        }
        Ok(())
    }

    /// Judges the next exchanges. Returns whether it is to go on.
    fn judge_some(&self, Rejudging { app, after, upto }: &Rejudging) -> Result<bool, store::Error> {
        let mut ids = self.reader.some_of(Some(app.as_str()).filter(|app| !app.is_empty()), *after, AT_ONCE)?;
        ids.retain(|id| id <= upto);
        let apps = self.shared.apps();
        let mut judgements = Vec::with_capacity(ids.len());
        for id in &ids {
            judgements.extend(self.reader.get(*id)?.map(|stored| judge_again(&self.shared, &stored, &apps)));
        }
        // Fewer than were asked for are the last: looking for more would pass over all the rest again.
        let after = ids.last().copied().filter(|_| ids.len() == AT_ONCE).unwrap_or(*upto);
        let written = self.writer.rejudge(judgements, Some(Progress { app: app.clone(), after }));
        // Waits for it: what is left is read from the file.
        let is_open = written.blocking_recv().is_ok();
        (self.shared.tell)(Event::Judging { left: u64::try_from(upto - after).unwrap_or(0) });
        Ok(is_open && self.shared.is_alive())
    }
}

fn judge_again(shared: &Shared, stored: &Stored, apps: &[SdkApp]) -> Judgement {
    let inspection = shared.inspect_early(stored);
    let read = stored.exchange.response.as_ref().map(|responded| Read::of(inspection.asked(), responded));
    Judgement { id: stored.exchange.id, index: Index::of(&inspection, apps), read }
}
