//! What a person at this terminal may open now.

use super::{PUBLIC, Suite};

impl Suite {
    /// Prints the addresses, with the warning that belongs to the demo's identity provider.
    pub(super) fn print_links(&self, keeps: bool) {
        let end = if keeps { "keeps its data" } else { "removes its data" };
        println!(
            "
  执法管理 intake       {intake}/reports
  执法运行 review       {review}/cases
  执法监督 supervision  {supervision}/findings
  执法追责 accountability {accountability}/clues
  执法公开 disclosure   {disclosure}/visits
  public side           {public}/   (query, report, check of a receipt)
  procuratorate         {simulator}/   (simulator)
  traces                {viewer}/
  sign-in               {issuer}/   (demo issuer: pick an officer, no password)

  !! The demo issuer signs in anybody as anybody. It listens on loopback only. Never use it
  !! where real cases are.

Ctrl-C stops everything and {end}.",
            intake = self.url("intake"),
            review = self.url("review"),
            supervision = self.url("supervision"),
            accountability = self.url("accountability"),
            disclosure = self.url("disclosure"),
            public = self.url(PUBLIC),
            simulator = self.url("simulator"),
            viewer = self.url("trace-viewer"),
            issuer = self.url("issuer"),
        );
    }
}
