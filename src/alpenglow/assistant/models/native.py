"""The library that runs language models, as far as it is needed; only the model's own process loads one (`serving`).

Nobody else can ask the model: the library's own server gets a socket in a private folder, under a random key, and the
folder is gone before `load` returns.
"""

import secrets
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alpenglow.assistant.models.openmp import spin_briefly
from alpenglow.assistant.models.problems import ModelProblem

# Measured on two cores: a batch of 64 reads a prompt as fast as one of 512, and can be stopped eight times as often.
_BATCH_TOKENS = 64
_PREFIXES_MB = 128  # states of earlier prompts; 28 kB a token with 1.5B


def load(path: Path, threads: int, context: int) -> Callable[[dict[str, Any], Callable[[Any], bool]], None]:
    """What answers a request chunk by chunk, until it is told to stop. Raises ModelProblem."""
    spin_briefly()
    try:
        import xllamacpp
    except ImportError:
        raise ModelProblem("the package xllamacpp, which runs language models, is not installed") from None

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.n_ctx = context
    parameters.n_parallel = 1
    parameters.n_gpu_layers = 0
    parameters.n_batch = parameters.n_ubatch = _BATCH_TOKENS
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
    # Weights are rearranged for the processor when they are loaded; mapped, the file would be in memory twice.
    parameters.load_mode = xllamacpp.llama_load_mode.LLAMA_LOAD_MODE_NONE
    parameters.cache_ram_mib = _PREFIXES_MB
    parameters.warmup = False
    parameters.verbosity = -1
    parameters.endpoint_slots = False
    parameters.ui = False
    parameters.n_threads_http = 1
    # Thoughts come as they are, for our own filter; the library's parser would also ignore a grammar's tokens.
    parameters.reasoning_format = xllamacpp.common_reasoning_format.COMMON_REASONING_FORMAT_NONE
    parameters.force_pure_content_parser = True
    parameters.api_keys = [secrets.token_hex(32)]
    private = Path(tempfile.mkdtemp(prefix="alpenglow-"))
    parameters.hostnames = [str(private / "closed.sock")]
    try:
        server = xllamacpp.Server(parameters)
    except RuntimeError:
        raise ModelProblem(f"{path}: could not be loaded as a language model; is the file whole?") from None
    finally:
        shutil.rmtree(private)
    return lambda request, take: server.handle_chat_completions(request, take)


def grammar(schema: dict[str, Any]) -> str:
    """The grammar that binds an answer to JSON of this form."""
    import xllamacpp

    return str(xllamacpp.json_schema_to_grammar(schema))
