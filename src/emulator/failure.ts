/** What the service says when it refuses: a code, a text and an HTTP status, as an SDK would read them. */
export class ServiceFailure extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'ServiceFailure';
    this.code = code;
    this.status = status;
  }
}

/** An InvalidInputException with the given text. */
export function invalidInput(message: string): ServiceFailure {
  return new ServiceFailure('InvalidInputException', message);
}

/**
 * An EntityNotFoundException; the text is the general one that replaced resource-specific messages.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/error-message-update.html
 */
export function entityNotFound(message = 'Entity Not Found'): ServiceFailure {
  return new ServiceFailure('EntityNotFoundException', message);
}

/** A ConcurrentModificationException, with one of the texts seen live (https://github.com/data-dot-all/dataall/issues/1572). */
export function concurrentModification(message = 'Please retry in a short while'): ServiceFailure {
  return new ServiceFailure('ConcurrentModificationException', message);
}

/**
 * An AccessDeniedException; the status is set by a switch when the answer is written, since the model says
 * 403 and live reports say 400 (https://github.com/hashicorp/terraform-provider-aws/issues/38982).
 */
export function accessDenied(
  message = 'Resource does not exist or requester is not authorized to access requested permissions.',
): ServiceFailure {
  return new ServiceFailure('AccessDeniedException', message);
}
