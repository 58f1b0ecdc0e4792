// SPDX-License-Identifier: MIT

// replay TURNS FOLDER   gives a fuzz target the files of a folder, and TURNS mutations of them, the
// same at each run: a fuzz test for every compiler and every run of the tests.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <tests/fuzz/fuzz.hpp>

namespace {

using bytes = std::vector<std::uint8_t>;

std::vector<bytes> read_corpus(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> names;
  for (const auto& entry : std::filesystem::directory_iterator{folder})
    names.push_back(entry.path());
  std::ranges::sort(names);
  std::vector<bytes> corpus;
  for (const auto& name : names) {
    std::ifstream file{name, std::ios::binary};
    corpus.emplace_back(std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{});
  }
  return corpus;
}

/// Makes the next input: a file of the corpus with up to four edits, of characters and bytes that
/// the corpus has, or of any.
class mutator {
 public:
  explicit mutator(const std::vector<bytes>& corpus) : corpus_{corpus} {
    for (const auto& input : corpus) alphabet_.insert(alphabet_.end(), input.begin(), input.end());
    if (alphabet_.empty()) alphabet_.push_back(0);
  }

  const bytes& next() {
    input_ = corpus_[below(corpus_.size())];
    for (auto edits = below(5); edits != 0; --edits) edit();
    return input_;
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }
  std::uint8_t any_byte() {
    return below(16) == 0 ? static_cast<std::uint8_t>(random_())
                          : alphabet_[below(alphabet_.size())];
  }

  void edit() {
    const auto at = input_.begin() + static_cast<std::ptrdiff_t>(below(input_.size() + 1));
    switch (below(6)) {
      case 0:
        input_.insert(at, any_byte());
        break;
      case 1:
        if (at != input_.end()) input_.erase(at);
        break;
      case 2:
        if (at != input_.end()) *at = any_byte();
        break;
      case 3:
        if (at != input_.end()) *at ^= static_cast<std::uint8_t>(1u << below(8));
        break;
      case 4:
        input_.erase(at, input_.end());
        break;
      default: {  // a piece of another
        const auto& other = corpus_[below(corpus_.size())];
        const auto from = below(other.size() + 1);
        const auto size = below((std::min)(other.size() - from, std::size_t{16}) + 1);
        const auto begin = other.begin() + static_cast<std::ptrdiff_t>(from);
        input_.insert(at, begin, begin + static_cast<std::ptrdiff_t>(size));
      }
    }
  }

  const std::vector<bytes>& corpus_;
  bytes alphabet_;
  bytes input_;
  std::mt19937 random_{20260101};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto corpus = read_corpus(argv[2]);
  if (corpus.empty()) {
    std::fprintf(stderr, "no corpus in %s\n", argv[2]);
    return 1;
  }
  for (const auto& input : corpus) LLVMFuzzerTestOneInput(input.data(), input.size());
  mutator mutations{corpus};
  const auto turns = std::stoul(argv[1]);
  for (unsigned long i = 0; i != turns; ++i) {
    const auto& input = mutations.next();
    LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  std::printf("%zu files, %lu mutations\n", corpus.size(), turns);
}
