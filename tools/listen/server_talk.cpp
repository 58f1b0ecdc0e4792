// SPDX-License-Identifier: MIT
#include <algorithm>

#include <tools/listen/server.hpp>
#include <tools/listen/server_limits.hpp>

namespace portsock::tools {
namespace {

std::string_view without_line_ending(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

// --- chat

/// Passes `block` on to everybody but its sender. Those who do not take it at once share one copy.
void server::chat(std::uint64_t from, door* heard_at, const place& sender, const_bytes block) {
  piece shared;
  clients_.for_each([&](std::uint64_t token, client& who) {
    if (token == from || who.finishing || code_) return;
    std::size_t sent = 0;
    if (!who.has_unsent()) {
      const auto now = send_now(token, who, block);
      if (!now) return;
      sent = *now;
    }
    if (sent == block.size()) return;
    if (!shared) shared = std::make_shared<const std::string>(as_text(block));
    if (!who.unsent) who.unsent = std::make_unique<outbox>();
    who.unsent->push(shared, sent);
    if (who.unsent->size() > most_unsaid) return leave(token, who, ending::slow);
    watch(token, who);
  });
  for (const auto& [at, to] : senders_) {
    if ((at == heard_at && to == sender) || code_) continue;
    party who{.over = at->over(), .local = at->local(), .peer = to};
    send_to(*at, who, block.first(std::min<std::size_t>(block.size(), 65'507)));
  }
}

void server::remember(door& at, const place& sender) {
  if (!sender.has_address()) return;
  const std::pair known{&at, sender};
  std::erase(senders_, known);
  if (senders_.size() == most_senders) senders_.erase(senders_.begin());
  senders_.push_back(known);
}

// --- standard input, for one client

/// Input is taken when there is somebody who can take it, and no sooner.
void server::watch_input() {
  if (!input_) return;
  const auto* partner = clients_.find(partner_);
  const bool takes = partner ? !partner->has_unsent() && !partner->finishing : !senders_.empty();
  const bool wanted = takes && !input_->ended();
  if (takes && input_->ended() && partner) return input_ended();
  if (wanted == input_watched_) return;
  const auto done =
      wanted ? ready_.add(*input_, interest::receive, input_token) : ready_.remove(*input_);
  if (!done) return end(complain_.failed("standard input", done.error()));
  input_watched_ = wanted;
}

void server::take_input() {
  auto* partner = clients_.find(partner_);
  if (partner ? partner->has_unsent() : senders_.empty()) return;
  const auto next = input_->take();
  if (!next) {
    if (input_->ended()) input_ended();
    return;
  }
  if (partner) {
    patience_ends_.reset();
    give(partner_, *partner, std::make_shared<const std::string>(*next));
    partner = clients_.find(partner_);
    if (partner && !code_) settle(partner_, *partner);
    return;
  }
  party who{.over = senders_.back().first->over(),
            .local = senders_.back().first->local(),
            .peer = senders_.back().second};
  send_to(*senders_.back().first, who, as_bytes(without_line_ending(*next)));
}

void server::input_ended() {
  if (std::exchange(input_watched_, false)) static_cast<void>(ready_.remove(*input_));
  auto* partner = clients_.find(partner_);
  if (!partner || partner->finishing) return;
  partner->finishing = true;
  settle(partner_, *partner);
}

}  // namespace portsock::tools
