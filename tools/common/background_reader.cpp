// SPDX-License-Identifier: MIT
#include <tools/common/background_reader.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include <portsock/waker.hpp>
#include <tools/common/streams.hpp>

namespace portsock::tools {
namespace {

using unit = background_reader::unit;

constexpr std::size_t most_pieces = 16;

std::string read_block(std::istream& input) {
  std::string block(background_reader::largest_block, '\0');
  block.resize(read_some(input, block));
  return block;
}

std::string read_line(std::istream& input) {
  std::string line;
  for (char next = 0; line.size() < background_reader::largest && input.get(next);) {
    line += next;
    if (next == '\n') break;
  }
  return line;
}

std::string read_up_to(std::istream& input, std::size_t size) {
  std::string whole(size, '\0');
  input.read(whole.data(), static_cast<std::streamsize>(whole.size()));
  whole.resize(static_cast<std::size_t>(input.gcount()));
  return whole;
}

std::string read_piece(std::istream& input, const background_reader::cut& how) {
  switch (how.of) {
    case unit::block:
      return read_block(input);
    case unit::line:
      return read_line(input);
    case unit::whole:
      return read_up_to(input, background_reader::largest);
    case unit::sized:
      break;
  }
  return read_up_to(input, how.size);
}

/// Back to the beginning. False when the input is none that can be repeated.
bool rewind(std::istream& input) {
  if (input.bad()) return false;
  input.clear();
  return static_cast<bool>(input.seekg(0));
}

}  // namespace

struct background_reader::shared {
  std::shared_ptr<std::istream> input;
  const background_reader::cut how;
  const waker changed;

  std::mutex lock;
  std::condition_variable room;
  std::deque<std::string> pieces;
  bool ended = false;
  bool failed = false;
  bool abandoned = false;
};

result<background_reader> background_reader::start(std::shared_ptr<std::istream> input, cut how) {
  auto changed = waker::create();
  if (!changed) return changed.failure();
  auto with = std::make_shared<shared>(std::move(input), how, *std::move(changed));
  std::thread{read, with}.detach();
  return background_reader{std::move(with)};
}

background_reader::~background_reader() {
  if (!shared_) return;
  const std::lock_guard held{shared_->lock};
  shared_->abandoned = true;
  shared_->room.notify_one();
}

void background_reader::read(const std::shared_ptr<shared>& with) {
  auto& input = *with->input;
  auto rounds_left = with->how.repeat;
  for (bool more = rounds_left != 0; more;) {
    auto piece = read_piece(input, with->how);
    const bool round_ended = with->how.of == unit::whole || piece.empty();
    more = !round_ended || (--rounds_left != 0 && rewind(input));

    std::unique_lock held{with->lock};
    with->room.wait(held, [&] { return with->abandoned || with->pieces.size() < most_pieces; });
    if (with->abandoned) return;
    const bool was_empty = with->pieces.empty();
    if (!piece.empty() || with->how.of == unit::whole) with->pieces.push_back(std::move(piece));
    with->ended = !more;
    with->failed = input.bad();
    if (!more)
      with->input.reset();  // a file is closed by the time somebody hears that it has ended
    if (was_empty || !more) with->changed.wake();
  }
}

std::optional<std::string> background_reader::take() {
  const std::lock_guard held{shared_->lock};
  auto& pieces = shared_->pieces;
  if (pieces.empty()) return std::nullopt;
  auto piece = std::move(pieces.front());
  pieces.pop_front();
  if (pieces.empty() && !shared_->ended) shared_->changed.clear();
  shared_->room.notify_one();
  return piece;
}

bool background_reader::ended() const {
  const std::lock_guard held{shared_->lock};
  return shared_->ended && shared_->pieces.empty();
}

bool background_reader::failed() const {
  const std::lock_guard held{shared_->lock};
  return shared_->failed;
}

native_handle background_reader::native() const noexcept { return shared_->changed.native(); }

}  // namespace portsock::tools
