// SPDX-License-Identifier: MIT
#include <unordered_map>

#include <tools/common/clock_text.hpp>
#include <tools/common/streams.hpp>
#include <tools/listen/sink.hpp>

namespace portsock::tools {
namespace {

/// In bytes. A longer line is broken, so that a client cannot make this hold more.
constexpr std::size_t longest_line = 4096;

/// Lines of several clients do not get into each other: each waits until it is whole.
class label_sink : public sink {
 public:
  explicit label_sink(std::ostream& output) : output_{output} {}

  bool take(const party& who, const_bytes bytes) override {
    auto text = as_text(bytes);
    std::string lines;
    auto& begun = begun_[who.number];
    while (!text.empty()) {
      const auto end = text.find('\n');
      const auto piece = text.substr(0, std::min(end, longest_line - begun.size()));
      begun += piece;
      text.remove_prefix(piece.size());
      const bool ended = text.starts_with('\n');
      if (ended) text.remove_prefix(1);
      if (ended || begun.size() == longest_line) lines += labelled(who, begun);
    }
    if (begun.empty()) begun_.erase(who.number);
    return lines.empty() || write_now(output_, lines);
  }

  bool end(const party& who) override {
    const auto at = begun_.find(who.number);
    if (at == begun_.end()) return true;
    const auto line = labelled(who, at->second);
    begun_.erase(at);
    return write_now(output_, line);
  }

 private:
  static std::string labelled(const party& who, std::string& line) {
    auto text =
        utc(std::chrono::system_clock::now()) + ' ' + to_string(who.peer) + ' ' + line + '\n';
    line.clear();
    return text;
  }

  std::ostream& output_;
  std::unordered_map<std::uint64_t, std::string> begun_;
};

}  // namespace

std::unique_ptr<sink> make_label_sink(std::ostream& output) {
  return std::make_unique<label_sink>(output);
}

}  // namespace portsock::tools
