// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>
#include <ostream>
#include <unordered_map>

#include <tools/common/files.hpp>
#include <tools/common/streams.hpp>
#include <tools/listen/sink.hpp>

namespace portsock::tools {
namespace {

/// Windows forbids a dozen characters, and all systems the separators.
char harmless(char c) noexcept {
  constexpr std::string_view allowed = ".-_+=@,()[]";
  const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    static_cast<unsigned char>(c) >= 0x80 || allowed.find(c) != allowed.npos;
  return good ? c : '_';
}

class folder_sink : public sink {
 public:
  folder_sink(std::string folder, std::string pattern)
      : folder_{std::move(folder)}, pattern_{std::move(pattern)} {}

  bool take(const party& who, const_bytes bytes) override {
    auto* file = file_of(who);
    return file && (write_now(*file, as_text(bytes)) || failed(who));
  }
  /// Whoever sent nothing has an empty file.
  bool end(const party& who) override {
    if (!file_of(who)) return false;
    files_.erase(who.number);
    return true;
  }
  std::string what() const override { return failed_; }

 private:
  std::ostream* file_of(const party& who) {
    const auto [at, is_new] = files_.try_emplace(who.number);
    auto& file = at->second;
    if (is_new) file = create_file(name_of(who));
    if (file && *file) return file.get();
    failed(who);
    return nullptr;
  }
  std::string name_of(const party& who) const {
    return folder_ + '/' + file_name_for(who, pattern_);
  }
  bool failed(const party& who) {
    failed_ = name_of(who);
    return false;
  }

  std::string folder_;
  std::string pattern_;
  std::string failed_;
  std::unordered_map<std::uint64_t, std::unique_ptr<std::ostream>> files_;
};

}  // namespace

std::string file_name_for(const party& who, const std::string& pattern) {
  std::string name;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char next = i + 1 < pattern.size() ? pattern[i + 1] : '\0';
    if (pattern[i] != '%' || (next != 'n' && next != 'a' && next != 'p')) {
      name += pattern[i];
      continue;
    }
    ++i;
    name += next == 'n'   ? std::to_string(who.number)
            : next == 'a' ? who.peer.local ? to_string(who.peer)
                                           : portsock::to_string(who.peer.network.address)
                          : std::to_string(who.peer.network.port);
  }
  std::ranges::transform(name, name.begin(), harmless);
  return name;
}

std::unique_ptr<sink> make_folder_sink(const std::string& folder, const std::string& pattern) {
  return std::make_unique<folder_sink>(folder, pattern);
}

}  // namespace portsock::tools
